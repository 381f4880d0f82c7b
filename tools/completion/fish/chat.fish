# fish completion for chat(1)

complete -c chat -x -a '(__fish_print_hostnames)'
complete -c chat -s n -l name -x -d 'Be called this'
complete -c chat -s h -l help -d 'Print the options'
complete -c chat -s V -l version -d 'Print the version'
