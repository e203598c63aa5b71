# Completion in fish for vdpa and its sisters: the tool itself knows what may come next. Installed
# under the name of each, which it is for.

# Prints what the tool answers for the word that is typed.
function __vdpa_tools_ask
	set -l words (commandline -opc)
	set -l plain (string replace -ra '[\\\\"\']' '' -- (commandline -ct))

	# Settings for the command alone.
	while string match -qr '^\w+=' -- $words[1]
		set -e words[1]
	end
	set words[1] (string replace -r '^~/' "$HOME/" -- $words[1])
	# Whoever uses it through sudo may not have it in the path.
	set -lx PATH $PATH /usr/local/sbin /usr/sbin /sbin
	$words[1] --complete=described $words[2..-1] "$plain" 2>/dev/null
end

# What stands in the same word before a file's name.
function __vdpa_tools_before_file
	string match -r '^(?:--[^=]*=|file:)' -- (commandline -ct); or echo
end

# A file that is a word of its own is left to fish, which knows about ~, variables and quotes.
function __vdpa_tools_wants_file
	test -z (__vdpa_tools_before_file); and __vdpa_tools_ask | string match -q \tfiles
end

function __vdpa_tools_complete
	set -l before (__vdpa_tools_before_file)

	for line in (__vdpa_tools_ask)
		switch $line
			case \tfiles
				test -n "$before"; or continue
				set -l typed (string replace -- "$before" '' (commandline -ct))
				for path in (__fish_complete_path "$typed")
					echo $before$path
				end
			case \t'*'
			case '*'
				echo $line
		end
	end
end

set -l command (basename (status filename) .fish)
complete -c $command -f -k -a '(__vdpa_tools_complete)'
complete -c $command -n __vdpa_tools_wants_file -F
