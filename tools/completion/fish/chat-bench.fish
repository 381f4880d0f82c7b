# fish completion for chat-bench(1)

complete -c chat-bench -x -a 'throughput latency private connect join idle' -d Scenario
complete -c chat-bench -s p -l protocol -x -a 'chatd irc nats resp' -d 'Protocol of the server'
complete -c chat-bench -s s -l server -x -d 'The server'
complete -c chat-bench -s c -l clients -x -d 'How many'
complete -c chat-bench -s S -l senders -x -d 'How many of them speak'
complete -c chat-bench -s w -l window -x -d 'Lines under way of a sender'
complete -c chat-bench -s r -l rate -x -d 'Lines a second'
complete -c chat-bench -s b -l bytes -x -d 'Of a line\'s text'
complete -c chat-bench -s t -l seconds -x -d 'To measure'
complete -c chat-bench -l warm-up -x -d 'Before that'
complete -c chat-bench -l patience -x -d 'For lines that do not come'
complete -c chat-bench -s u -l under-way -x -d 'Connections at a time'
complete -c chat-bench -l pid -x -a '(__fish_complete_pids)' -d 'A process of the server'
complete -c chat-bench -s j -l json -d 'Print a JSON object'
complete -c chat-bench -s h -l help -d 'Print the options'
complete -c chat-bench -s V -l version -d 'Print the version'
