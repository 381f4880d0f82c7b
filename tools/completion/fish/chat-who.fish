# fish completion for chat-who(1)

# The instances that run, or with --dump are there, as chat-who itself tells; in
# the run directory that the command line names.
function __chat_who_instances
    set -l words (commandline -opc)
    set -l place (string match -r -- '^--run-dir=.+' $words)
    set -l lives 1
    if set -l at (contains -i -- --run-dir $words)
        set place --run-dir $words[(math $at + 1)]
    end
    if contains -- --dump $words
        set lives '[01]'
    end
    chat-who --metrics $place 2>/dev/null | string replace -rf '^chatd_up\{server="(.*)"\} '$lives'$' '$1'
end

set -l columns name pid slot from joined idle said rate queued state

complete -c chat-who -f
complete -c chat-who -a '(__chat_who_instances)' -d Instance
complete -c chat-who -s j -l json -d 'One JSON object instead of a table'
complete -c chat-who -s q -l quiet -d 'Only the names, one a line'
complete -c chat-who -s s -l stats -d 'What the server has counted'
complete -c chat-who -s w -l watch -d 'Show it again every second'
complete -c chat-who -s o -l columns -x -a "(__fish_append , $columns)" -d 'These columns'
complete -c chat-who -l sort -x -a "$columns -"(string join ' -' $columns) -d 'Sort by a column'
complete -c chat-who -l name -x -d 'Only who is called so'
complete -c chat-who -l state -x -a 'here stopped dead unreadable' -d 'Only who is in it'
complete -c chat-who -l metrics -d 'All servers, in the text format of Prometheus'
complete -c chat-who -l dump -d 'All that is in the directory'
complete -c chat-who -l run-dir -x -a '(__fish_complete_directories)' -d 'Look at the servers there'
complete -c chat-who -s h -l help -d 'Print the options'
complete -c chat-who -s V -l version -d 'Print the version'
