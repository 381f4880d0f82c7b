# servers.sh - start one of the servers of the bench, and stop it.  Sourced by
# tools/bench/run, which sets $here (this directory), $peers (where fetch-peers
# has unpacked), $work (its temporary directory) and $bin.
#
# A server runs in $work/server, on a free port, in the foreground of this shell's
# background, so that its pid is the one to be measured.

# Who runs the servers when root runs the bench: some refuse to be root.
as_user=
if [ "$(id -u)" -eq 0 ]; then
	as_user="setpriv --reuid=nobody --regid=nogroup --clear-groups"
fi

server_pid=
server_dir=$work/server

protocol_of() {
	case $1 in
	chatd) echo chatd ;;
	nats-server) echo nats ;;
	redis-server) echo resp ;;
	*) echo irc ;;
	esac
}

# How many clients may be coming in at a time, where that is not what is measured:
# ngircd's queue of new connections holds ten, and who does not fit comes seconds
# later; inspircd lets in once a second all who are there.
under_way_of() {
	case $1 in
	ngircd) echo 8 ;;
	inspircd) echo 500 ;;
	*) echo 64 ;;
	esac
}

is_listening() {
	[ -n "$(ss -Hltn "sport = :$1")" ]
}

pick_port() {
	port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 10000))
	while is_listening $port; do
		port=$((port + 1))
	done
}

# ircd-hybrid asks a name server about each client, and those of a machine may
# need seconds for a thousand addresses of 127.0.0.0/8.  Where we may, one of our
# own says that nobody has a name.
names_address=127.0.0.254
names_pid=

start_names() {
	[ "$(id -u)" -eq 0 ] || return 1
	perl -MSocket -e '
		socket(S, PF_INET, SOCK_DGRAM, 0) or exit 1;
		bind(S, sockaddr_in(53, inet_aton($ARGV[0]))) or exit 1;
		while (my $from = recv(S, my $query, 512, 0)) {
			# an answer: no such name
			substr($query, 2, 2) = "\x81\x83";
			send(S, $query, 0, $from);
		}' "$names_address" </dev/null >/dev/null 2>&1 &
	names_pid=$!
	until [ -n "$(ss -Hlun "src = $names_address:53")" ]; do
		kill -0 $names_pid 2>/dev/null || return 1
		sleep 0.05
	done
}

stop_names() {
	[ -z "$names_pid" ] || kill "$names_pid" 2>/dev/null || true
	names_pid=
}

# ircd-hybrid has paths compiled in: its copy has ours, which are as long.
#	replace FILE THEIRS OURS
replace_path() {
	ours=$(printf '%*s' ${#2} "$3" | tr ' ' /)
	[ ${#ours} -eq ${#2} ] || {
		echo "bench: $3 is too long a name for ircd-hybrid" >&2
		return 1
	}
	LC_ALL=C sed -i "s,$2,$ours,g" "$1"
}

prepare_hybrid() {
	[ ! -e "$work/ircd-hybrid" ] || return 0
	modules=/usr/lib/ircd-hybrid/modules
	cp "$peers/root/usr/sbin/ircd-hybrid" "$work/ircd-hybrid"
	ln -s "$peers/root$modules" "$work/m"
	replace_path "$work/ircd-hybrid" "$modules" "$work/m" || return 1
	! start_names || {
		echo "nameserver $names_address" >"$work/r"
		replace_path "$work/ircd-hybrid" /etc/resolv.conf "$work/r"
	}
}

configure() {
	sed -e "s,@PORT@,$port,g" -e "s,@DIR@,$server_dir,g" \
	    -e "s,@ROOT@,$peers/root,g" "$here/$1.conf" \
	    >"$server_dir/$1.conf"
}

# Become the server.
exec_server() {
	cd "$server_dir" || exit 1
	LD_LIBRARY_PATH=$(echo "$peers"/root/usr/lib/*-linux-gnu)
	export LD_LIBRARY_PATH
	conf=$server_dir/$1.conf
	root=$peers/root
	case $1 in
	chatd)
		unset LD_LIBRARY_PATH
		exec "$bin/chatd" -q -l "127.0.0.1:$port" -m 30000 \
		    --run-dir "$server_dir/run"
		;;
	nats-server) exec $as_user "$root/usr/sbin/nats-server" -c "$conf" ;;
	redis-server) exec $as_user "$root/usr/bin/redis-server" "$conf" ;;
	ngircd) exec $as_user "$root/usr/sbin/ngircd" -n -f "$conf" ;;
	inspircd)
		exec $as_user "$root/usr/sbin/inspircd" --nofork --nopid \
		    --config "$conf"
		;;
	ircd-hybrid)
		exec $as_user "$work/ircd-hybrid" -foreground \
		    -configfile "$conf" -pidfile "$server_dir/pid" \
		    -logfile "$server_dir/log" -klinefile "$server_dir/k" \
		    -dlinefile "$server_dir/d" -xlinefile "$server_dir/x" \
		    -resvfile "$server_dir/r"
		;;
	esac
}

# start_server NAME - sets $server_pid and $port; false when it does not listen.
start_server() {
	rm -rf "$server_dir"
	mkdir "$server_dir"
	pick_port
	[ "$1" != ircd-hybrid ] || prepare_hybrid || return 1
	[ ! -e "$here/$1.conf" ] || configure "$1"
	[ -z "$as_user" ] || chown -R nobody "$server_dir"
	(exec_server "$1") </dev/null >"$work/server.out" 2>&1 &
	server_pid=$!
	tries=0
	until is_listening "$port"; do
		tries=$((tries + 1))
		if [ $tries -gt 200 ] || ! kill -0 $server_pid 2>/dev/null; then
			echo "bench: $1 does not start:" >&2
			tail -n 5 "$work/server.out" >&2
			stop_server
			return 1
		fi
		sleep 0.05
	done
}

stop_server() {
	[ -n "$server_pid" ] || return 0
	kill "$server_pid" 2>/dev/null || true
	tries=0
	while kill -0 "$server_pid" 2>/dev/null && [ $tries -lt 200 ]; do
		tries=$((tries + 1))
		sleep 0.05
	done
	kill -9 "$server_pid" 2>/dev/null || true
	wait "$server_pid" 2>/dev/null || true
	server_pid=
}
