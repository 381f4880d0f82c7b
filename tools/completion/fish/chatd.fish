# fish completion for chatd(8)

complete -c chatd -f
complete -c chatd -s l -l listen -x -d 'Listen there'
complete -c chatd -s i -l instance -x -d 'Tell this server from others'
complete -c chatd -s m -l max-users -x -d 'Users at once'
complete -c chatd -l max-per-address -x -d 'Of these from one address'
complete -c chatd -l exempt -x -d 'Networks that are not counted there'
complete -c chatd -l max-nameless -x -d 'Clients without a name'
complete -c chatd -l check -d 'Say whether the server could start'
complete -c chatd -l run-dir -x -a '(__fish_complete_directories)' -d 'Where the sockets are kept'
complete -c chatd -l console -d 'The operator chats from this terminal'
complete -c chatd -l one-to-one -d 'The same, with one guest'
complete -c chatd -s q -l quiet -d 'Log only what is wrong'
complete -c chatd -s v -l verbose -d 'Log more'
complete -c chatd -s V -l version -d 'Print the version'
complete -c chatd -s h -l help -d 'Print the options'
