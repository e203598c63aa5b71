# Completion in fish for vdpa and its sisters: the tool itself knows what may come next. Installed
# under the name of each, which it is for.

function __vdpa_tools_complete
	set -l words (commandline -opc)
	set -l typed (commandline -ct)
	set -l plain (string replace -ra '[\\\\"\']' '' -- "$typed")

	# Settings for the command alone.
	while string match -qr '^\w+=' -- $words[1]
		set -e words[1]
	end
	set words[1] (string replace -r '^~/' "$HOME/" -- $words[1])
	# Whoever uses it through sudo may not have it in the path.
	set -lx PATH $PATH /usr/local/sbin /usr/sbin /sbin
	for line in ($words[1] --complete=described $words[2..-1] "$plain" 2>/dev/null)
		switch $line
			case \tfiles
				set -l option (string match -r '^(?:--[^=]*=|file:)' -- $typed; or echo)
				for path in (__fish_complete_path (string replace -- "$option" '' $typed))
					echo $option$path
				end
			case \t'*'
			case '*'
				echo $line
		end
	end
end

complete -c (basename (status filename) .fish) -f -k -a '(__vdpa_tools_complete)'
