# SPDX-License-Identifier: GPL-2.0-or-later
#
# make            builds all tools, each beside its sources (vdpa/vdpa, ...), ready to run
# make demo       installs what is missing, builds, and shows the main job on a real kernel
# make check      installs what is missing, builds, and runs all tests on both kernels
# make bench      measures against iproute2's vdpa and writes doc-ready tables
# make shell      a root shell on a real kernel with the vDPA drivers (KERNEL_NAME=a or b)
# make install    to $(DESTDIR)$(PREFIX); make uninstall
# make dist       a tar.gz of what git tracks, in build/
# make deb        a Debian package, in build/deb/
#
# LINK=static     one file without a loader's work at start: a fraction of the start-up
# LINK=dynamic    for distributions
# SANITIZE=1      with AddressSanitizer and UndefinedBehaviorSanitizer

VERSION := 0.1.0
TOOLS := vdpa vduse vfio mshv
PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
MANPAGES := $(wildcard man/man8/*.8)
SCHEMA_DIR ?= $(PREFIX)/share/vdpa-tools/schema
SCHEMAS := $(wildcard schema/*.json)

CC ?= cc
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	    -Wwrite-strings -Wundef -Wformat=2 -Wvla -Wno-missing-field-initializers $(WERROR)

# What make dist packs has its version in a file; a clone has that of its commit, by the newest tag
# such as v0.1.0. Elsewhere the one above has to do.
GIT := git -c safe.directory='$(CURDIR)'
ifneq ($(wildcard VERSION),)
VERSION := $(shell cat VERSION)
else ifneq ($(wildcard .git),)
COMMIT := $(shell $(GIT) describe --always --exclude '*' --dirty 2>/dev/null)
VERSION := $(patsubst v%,%,$(or \
	$(shell $(GIT) describe --tags --match 'v[0-9]*' --dirty 2>/dev/null),\
	$(VERSION)$(COMMIT:%=-g%)))
endif

# Where the compiler finds a static library, its path; empty where there is none.
static_library = $(wildcard $(shell $(CC) -print-file-name=lib$(1).a))

ifneq ($(SANITIZE),)
LINK := dynamic
endif
ifeq ($(LINK),)
LINK := $(if $(and $(call static_library,c),$(call static_library,json-c),$(call static_library,bsd)),static,dynamic)
endif
ifeq ($(filter $(LINK),static dynamic),)
$(error LINK is static or dynamic, not '$(LINK)')
endif

# A directory for each way of building, so that they do not undo each other.
O ?= build/$(LINK)$(if $(SANITIZE),-sanitize)

LIB_SOURCES := $(filter-out lib/mnl-static.c,$(wildcard lib/*.c))
LIBRARIES := libmnl json-c libbsd
ifeq ($(LINK),static)
LDFLAGS_LINK := -static
CFLAGS_LINK := -fno-pie -ffunction-sections -fdata-sections
LDFLAGS_LINK += -Wl,--gc-sections
LDLIBS := -ljson-c -lbsd -lmd
ifneq ($(call static_library,mnl),)
LDLIBS += -lmnl
else
LIB_SOURCES += lib/mnl-static.c
endif
else
LDLIBS := $(shell $(PKG_CONFIG) --libs $(LIBRARIES))
LDFLAGS_LINK := -Wl,--as-needed
endif
ifneq ($(SANITIZE),)
CFLAGS_LINK += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_LINK += -fsanitize=address,undefined
endif

# The same sizes on machines of 32 bits; the fake stands for the functions that this picks.
LARGE_FILES := -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
ALL_CFLAGS = -std=gnu17 -D_GNU_SOURCE $(LARGE_FILES) -iquote include \
	     $(WARNINGS) $(CFLAGS_LINK) \
	     $(shell $(PKG_CONFIG) --cflags $(LIBRARIES)) $(CFLAGS) $(CPPFLAGS)

ifeq ($(V),)
quiet = @printf '  %-6s %s\n' '$(1)' '$(2)';
endif

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: all
all: $(foreach tool,$(TOOLS),$(tool)/$(tool))

.PHONY: binaries
binaries: $(foreach tool,$(TOOLS),$(O)/bin/$(tool))

# What is built in another way than before is built anew.
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(CC) $(ALL_CFLAGS) $(LDFLAGS_LINK) $(LDFLAGS) $(LDLIBS))' >$@.new
	@cmp -s $@ $@.new && rm $@.new || mv $@.new $@

# The version changes with each commit, and one object knows it.
$(O)/version: FORCE
	@mkdir -p $(@D)
	@echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' >$@

$(O)/lib/tool-version.o: $(O)/version
$(O)/lib/tool-version.o: private DEFINES = -DVERSION='"$(VERSION)"'

$(O)/%.o: %.c Makefile $(O)/flags
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CC) $(ALL_CFLAGS) $(DEFINES) -MMD -MP -c -o $@ $<

$(O)/libtools.a: $(LIB_SOURCES:%.c=$(O)/%.o)
	$(call quiet,AR,$@)rm -f $@ && $(AR) rcs $@ $^

tool_objects = $(patsubst %.c,$(O)/%.o,$(wildcard $(1)/*.c))

define tool_rules
$(O)/bin/$(1): $(call tool_objects,$(1)) $(O)/libtools.a
	@mkdir -p $$(@D)
	$$(call quiet,LINK,$$@)$$(CC) $$(CFLAGS) $$(LDFLAGS_LINK) $$(LDFLAGS) -o $$@ $$^ $$(LDLIBS)

# The binary that lies beside its sources is the one that was made last, in whichever way.
$(1)/$(1): $(O)/bin/$(1) FORCE
	@cmp -s $$< $$@ || cp -f $$< $$@
endef
$(foreach tool,$(TOOLS),$(eval $(call tool_rules,$(tool))))

.PHONY: FORCE
FORCE:

# Unit tests: one program for each file, linked with the library and a tool's floors: vdpa's, or
# those of the tool that the file is named after.
UNITS := $(patsubst tests/unit/%.c,$(O)/unit/%,$(wildcard tests/unit/test-*.c))
floors = $(filter-out $(O)/$(1)/main.o,$(call tool_objects,$(1)))
$(O)/unit/test-vduse-%: $(O)/tests/unit/test-vduse-%.o $(call floors,vduse) $(O)/libtools.a
	@mkdir -p $(@D)
	$(call quiet,LINK,$@)$(CC) $(CFLAGS) $(LDFLAGS_LINK) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(O)/unit/test-vfio-%: $(O)/tests/unit/test-vfio-%.o $(call floors,vfio) $(O)/libtools.a
	@mkdir -p $(@D)
	$(call quiet,LINK,$@)$(CC) $(CFLAGS) $(LDFLAGS_LINK) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(O)/unit/%: $(O)/tests/unit/%.o $(call floors,vdpa) $(O)/libtools.a
	@mkdir -p $(@D)
	$(call quiet,LINK,$@)$(CC) $(CFLAGS) $(LDFLAGS_LINK) $(LDFLAGS) -o $@ $^ $(LDLIBS)

.PHONY: units
units: $(UNITS)

# Programs that play devices which no virtual machine has; the kernel's tests start them.
SERVERS := $(patsubst tests/kernel/%.c,$(O)/servers/%,$(wildcard tests/kernel/*-server.c))
$(O)/servers/%: tests/kernel/%.c include/abi/*.h Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CC) -std=gnu17 -D_GNU_SOURCE -iquote include $(WARNINGS) -O1 -g -static \
		-o $@ $<

.PHONY: servers
servers: $(SERVERS)

# The fake kernels for tests of the dynamic build.
FAKES := $(patsubst tests/fake/%.c,$(O)/%.so,$(wildcard tests/fake/*.c))
$(FAKES): $(O)/%.so: tests/fake/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE $(LARGE_FILES) $(WARNINGS) -O1 -g -fPIC -shared -o $@ $<

.PHONY: fake
fake: $(FAKES)

# Stands in the tools' place in tests on real kernels, and keeps what they print as JSON.
$(O)/recorded/%: tests/kernel/record.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE $(WARNINGS) -O1 -g $(LDFLAGS_LINK) -o $@ $<

-include $(shell find $(O) -name '*.d' 2>/dev/null)

# What follows installs what it needs, so it starts make anew for the rest.
AGAIN = $(MAKE) --no-print-directory

.PHONY: demo
demo:
	@tests/packages build vm
	@$(AGAIN) all
	@tests/demo/run

# The picture of it that the README shows.
.PHONY: picture
picture:
	@tests/packages build vm
	@$(AGAIN) all
	@DEMO_COLOR=always VM_ENV=DEMO_COLOR tests/vm/run -k a -t 120 tests/demo/tour >build/session
	@tests/demo/record build/session >man/pictures/demo.svg

# Both builds: the one that is shipped, and the one that can be faked a kernel for.
# What suites need is installed before several of them run side by side.
.PHONY: check
check:
	@tests/packages build check vm $(filter portable package,$(or $(SUITES),portable package))
	@$(AGAIN) test-builds $(if $(SANITIZE),SANITIZE=1)
	@TEST_BUILD=$(O) tests/check $(SUITES)

.PHONY: test-builds
test-builds: binaries units servers $(foreach tool,$(TOOLS),$(O)/recorded/$(tool))
	@$(AGAIN) binaries fake $(if $(SANITIZE),SANITIZE=1,LINK=dynamic)

# The programs that are measured besides; the floor is to have nothing that slows it.
$(O)/bench/%: tests/bench/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE -iquote include $(WARNINGS) -O2 -static \
		-o $@ $<

BENCH_PROGRAMS := $(O)/bin/vdpa $(O)/bench/floor $(O)/bench/measure $(O)/bin/vduse \
		  $(O)/bench/vduse-floor

# The table goes into a file of its own, and between two marks of the README.
.PHONY: bench bench-table
bench:
	@tests/packages build vm
	@$(AGAIN) bench-table LINK=static

bench-table: $(BENCH_PROGRAMS)
	@tests/bench/run tests/bench/RESULTS.md $(BENCH_PROGRAMS)
	@awk '/<!-- \/bench -->/ { skip = 0 } !skip { print } \
	      /<!-- bench -->/ { skip = 1; while ((getline line < "tests/bench/RESULTS.md") > 0) print line }' \
		README.md >README.md.new && mv README.md.new README.md

KERNEL_NAME ?= b
.PHONY: shell
shell:
	@tests/packages build vm
	@$(AGAIN) all
	@tests/vm/shell -k $(KERNEL_NAME)

# What git tracks, with changes that are not committed yet, and the version that they make.
DIST := vdpa-tools-$(VERSION)
.PHONY: dist
dist:
	@test -e .git || { echo 'make dist wants a clone: this tree is no git checkout.' >&2; exit 1; }
	@mkdir -p build && rm -f build/vdpa-tools-*.tar.gz
	$(call quiet,DIST,build/$(DIST).tar.gz)changed=$$($(GIT) stash create) && \
		$(GIT) archive --format=tar.gz --prefix=$(DIST)/ \
			--add-virtual-file=$(DIST)/VERSION:$(VERSION) \
			-o build/$(DIST).tar.gz "$${changed:-HEAD}"

# The package is built from what make dist packs, where nothing else can slip in.
.PHONY: deb
deb: dist
	@tests/packages deb
	@contrib/debian/build build/$(DIST).tar.gz build/deb

.PHONY: install uninstall
install: all
	install -d $(DESTDIR)$(SBINDIR)
	install -m 755 $(foreach tool,$(TOOLS),$(tool)/$(tool)) $(DESTDIR)$(SBINDIR)
	$(if $(MANPAGES),install -d $(DESTDIR)$(MANDIR)/man8)
	$(if $(MANPAGES),install -m 644 $(MANPAGES) $(DESTDIR)$(MANDIR)/man8)
	install -d $(DESTDIR)$(SCHEMA_DIR)
	install -m 644 $(SCHEMAS) $(DESTDIR)$(SCHEMA_DIR)

# Folders that others may have files in stay.
uninstall:
	rm -f $(TOOLS:%=$(DESTDIR)$(SBINDIR)/%)
	rm -f $(MANPAGES:man/%=$(DESTDIR)$(MANDIR)/%)
	rm -f $(SCHEMAS:schema/%=$(DESTDIR)$(SCHEMA_DIR)/%)
	rmdir $(DESTDIR)$(SCHEMA_DIR) $(dir $(DESTDIR)$(SCHEMA_DIR)) 2>/dev/null || true

# Completion. Each tool's file is the same under another name; zsh's names its tools itself. Debian's
# zsh looks for that of a package in share/zsh/vendor-completions.
BASH_COMPLETION_DIR ?= $(PREFIX)/share/bash-completion/completions
ZSH_COMPLETION_DIR ?= $(PREFIX)/share/zsh/site-functions
FISH_COMPLETION_DIR ?= $(PREFIX)/share/fish/vendor_completions.d
install: install-completion
uninstall: uninstall-completion

.PHONY: install-completion uninstall-completion
install-completion:
	install -d $(addprefix $(DESTDIR),$(BASH_COMPLETION_DIR) $(ZSH_COMPLETION_DIR) $(FISH_COMPLETION_DIR))
	$(foreach tool,$(TOOLS),install -m 644 bash-completion/vdpa $(DESTDIR)$(BASH_COMPLETION_DIR)/$(tool) && \
		install -m 644 bash-completion/vdpa.fish $(DESTDIR)$(FISH_COMPLETION_DIR)/$(tool).fish &&) \
		install -m 644 bash-completion/_vdpa $(DESTDIR)$(ZSH_COMPLETION_DIR)/_vdpa

uninstall-completion:
	rm -f $(foreach tool,$(TOOLS),$(DESTDIR)$(BASH_COMPLETION_DIR)/$(tool) $(DESTDIR)$(FISH_COMPLETION_DIR)/$(tool).fish) \
		$(DESTDIR)$(ZSH_COMPLETION_DIR)/_vdpa

.PHONY: clean
clean:
	rm -rf build $(foreach tool,$(TOOLS),$(tool)/$(tool))
