# SPDX-License-Identifier: GPL-2.0-or-later
#
# make            builds all tools, each beside its sources (vdpa/vdpa, ...), ready to run
# make install    to $(DESTDIR)$(PREFIX), built as the last make did; make uninstall
# make demo       installs what is missing, builds, and shows the main job on a real kernel
# make check      installs what is missing, builds, and runs all tests on real kernels
# make bench      measures against iproute2's vdpa and writes doc-ready tables
# make shell      a root shell on a real kernel with the vDPA drivers (KERNEL_NAME=a, b or c)
# make dist       a tar.gz of the sources, in build/
# make deb        installs what is missing and builds a Debian package, in build/deb/
# make version    prints the version
# make clean      removes everything that was built
#
# LINK=static     one file without a loader's work at start: a fraction of the start-up
# LINK=dynamic    for distributions
# SANITIZE=1      with AddressSanitizer and UndefinedBehaviorSanitizer
# V=1             prints the commands; make -s prints nothing

TOOLS := vdpa vduse vfio mshv

# make install must not build in another way than the make before it, so that one writes its
# settings down. The command line and the environment have precedence.
SETTINGS := CC CFLAGS CPPFLAGS LDFLAGS PKG_CONFIG LINK SANITIZE WERROR O
ifeq ($(MAKECMDGOALS),install)
-include build/settings
endif
GIVEN := $(foreach name,$(SETTINGS),$(if $(filter-out default undefined,$(origin $(name))),$(name)))

# One argument of a shell's command.
quoted = '$(subst ','\'',$(1))'

PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
SCHEMA_DIR ?= $(PREFIX)/share/vdpa-tools/schema
PROMETHEUS_DIR ?= $(PREFIX)/share/vdpa-tools/prometheus
DOC_DIR ?= $(PREFIX)/share/doc/vdpa-tools
# Debian's zsh looks for a package's completion in share/zsh/vendor-completions instead.
BASH_COMPLETION_DIR ?= $(PREFIX)/share/bash-completion/completions
ZSH_COMPLETION_DIR ?= $(PREFIX)/share/zsh/site-functions
FISH_COMPLETION_DIR ?= $(PREFIX)/share/fish/vendor_completions.d
# systemd and udev look below /usr and below /usr/local.
UNIT_DIR ?= $(PREFIX)/lib/systemd/system
UDEV_DIR ?= $(PREFIX)/lib/udev

# A release has its version in a file, a clone that of its commit. The number here is that of the
# next release.
VERSION := 0.1.0-pre
ifneq ($(wildcard VERSION),)
VERSION := $(shell cat VERSION)
else ifneq ($(wildcard .git),)
VERSION := $(shell contrib/version $(VERSION))
endif

PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	    -Wwrite-strings -Wundef -Wformat=2 -Wvla -Wno-missing-field-initializers $(WERROR)

# The path of a static library, or nothing where the compiler finds none.
static_library = $(wildcard $(shell $(CC) -print-file-name=lib$(1).a 2>/dev/null))

# LINK itself stays as it was given: a make that this one starts, after it has installed packages,
# chooses anew.
link := $(or $(if $(SANITIZE),dynamic),$(LINK),$(if $(and $(call static_library,c),\
	$(call static_library,json-c),$(call static_library,bsd)),static,dynamic))
ifeq ($(filter static dynamic,$(link)),)
$(error LINK is static or dynamic, not '$(LINK)')
endif

# A directory for each way of building, so that they do not undo each other.
ifeq ($(O),)
override O := build/$(link)$(if $(SANITIZE),-sanitize)
unexport O
endif

LIB_SOURCES := $(filter-out lib/sys/mnl-static.c,$(wildcard lib/*/*.c))
LIBRARIES := libmnl json-c libbsd
# pkg-config is asked once, and only by a make that compiles.
LIBRARY_CFLAGS = $(eval LIBRARY_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(LIBRARIES)))$(LIBRARY_CFLAGS)

# No static-pie: in 1,001 interleaved starts of vdpa -V it took 16 % longer than this (medians), for
# 2,247 relocations at each start.
ifeq ($(link),static)
CFLAGS_LINK := -fno-pie -ffunction-sections -fdata-sections
LDFLAGS_LINK := -static -Wl,--gc-sections
LDLIBS := -ljson-c -lbsd -lmd
ifneq ($(call static_library,mnl),)
LDLIBS += -lmnl
else
LIB_SOURCES += lib/sys/mnl-static.c
endif
else
CFLAGS_LINK := -fPIE
LDFLAGS_LINK := -pie -Wl,--as-needed
LDLIBS = $(eval LDLIBS := $(shell $(PKG_CONFIG) --libs $(LIBRARIES)))$(LDLIBS)
endif
ifneq ($(SANITIZE),)
CFLAGS_LINK += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_LINK += -fsanitize=address,undefined
endif

# The same hardening as Debian's packages have. FORTIFY_SOURCE needs an optimiser, hides errors from
# sanitizers, and is the caller's where the caller sets it, as dpkg-buildflags does.
optimised = $(filter-out -O0,$(lastword $(filter -O%,$(CFLAGS) $(CPPFLAGS))))
fortified = $(SANITIZE)$(findstring _FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS))
HARDENING = -fstack-protector-strong \
	    $(if $(optimised),$(if $(fortified),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
LDFLAGS_LINK += -Wl,-z,relro -Wl,-z,now

# The same sizes on machines of 32 bits; the fake stands for the functions that this picks.
LARGE_FILES := -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
# The folder of the sources must not show in what is built.
REPRODUCIBLE := $(call quoted,-ffile-prefix-map=$(CURDIR)=.)
ALL_CFLAGS = -std=gnu17 -D_GNU_SOURCE $(LARGE_FILES) -iquote include -iquote . $(WARNINGS) $(CFLAGS_LINK) \
	     $(HARDENING) $(REPRODUCIBLE) $(LIBRARY_CFLAGS) $(CFLAGS) $(CPPFLAGS)

# Says what is done in place of its command; make -s is quiet, and V=1 shows the command.
ifeq ($(V),)
quiet = @$(if $(findstring s,$(firstword _$(MAKEFLAGS))),,printf '  %-6s %s\n' '$(1)' '$(2)';)
endif

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: all
all: $(foreach tool,$(TOOLS),$(tool)/$(tool)) | build
	$(file >build/settings,$(foreach name,$(sort $(GIVEN) LINK),$(call setting,$(name))))@:

hash := \#
define setting
ifneq ($$(filter default undefined,$$(origin $(1))),)
$(1) = $(if $(filter LINK,$(1)),$(link),$(subst $(hash),\$(hash),$(value $(1))))
endif

endef

build:
	@mkdir -p $@

.PHONY: binaries
binaries: $(foreach tool,$(TOOLS),$(O)/bin/$(tool))

# What is built in another way than before is built anew.
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@echo $(call quoted,$(CC) $(ALL_CFLAGS) $(LDFLAGS_LINK) $(LDFLAGS) $(LDLIBS)) >$@.new
	@cmp -s $@ $@.new && rm $@.new || mv $@.new $@

# The version changes with each commit, and one object knows it.
$(O)/version: FORCE
	@mkdir -p $(@D)
	@echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' >$@

$(O)/lib/tool/tool-version.o: $(O)/version
$(O)/lib/tool/tool-version.o: private DEFINES = -DVERSION='"$(VERSION)"'

$(O)/%.o: %.c Makefile $(O)/flags
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CC) $(ALL_CFLAGS) $(DEFINES) -MMD -MP -c -o $@ $<

$(O)/libtools.a: $(LIB_SOURCES:%.c=$(O)/%.o)
	$(call quiet,AR,$@)rm -f $@ && $(AR) rcs $@ $^

tool_objects = $(patsubst %.c,$(O)/%.o,$(wildcard $(1)/*.c $(1)/*/*.c))
LINK_PROGRAM = $(CC) $(CFLAGS) $(LDFLAGS_LINK) $(LDFLAGS) -o $@ $^ $(LDLIBS)

define tool_rules
$(O)/bin/$(1): $(call tool_objects,$(1)) $(O)/libtools.a
	@mkdir -p $$(@D)
	$$(call quiet,LINK,$$@)$$(LINK_PROGRAM)

# The binary that lies beside its sources is the one that was made last, in whichever way.
$(1)/$(1): $(O)/bin/$(1) FORCE
	@cmp -s $$< $$@ || cp -f $$< $$@
endef
$(foreach tool,$(TOOLS),$(eval $(call tool_rules,$(tool))))

.PHONY: FORCE
FORCE:

include tests/testbed.mk
-include $(shell find $(O) -name '*.d' 2>/dev/null)

# The makes that follow the installing of packages start anew.
AGAIN = $(MAKE) --no-print-directory

# A release packs its own files, a clone what git tracks, changes included.
DIST := vdpa-tools-$(VERSION)
.PHONY: dist
dist: | build
	@rm -f build/vdpa-tools-*.tar.gz
	$(call quiet,DIST,build/$(DIST).tar.gz)contrib/dist '$(VERSION)' build/$(DIST).tar.gz

# The package is built from what make dist packs, where nothing else can slip in.
.PHONY: deb
deb:
	@tests/packages deb
	+@$(AGAIN) dist
	@contrib/debian/build build/vdpa-tools-*.tar.gz build/deb

.PHONY: version
version:
	@echo '$(VERSION)'

.PHONY: install uninstall
install: all
install uninstall: export DESTDIR := $(DESTDIR)
install uninstall: export SBINDIR := $(SBINDIR)
install uninstall: export MANDIR := $(MANDIR)
install uninstall: export SCHEMA_DIR := $(SCHEMA_DIR)
install uninstall: export PROMETHEUS_DIR := $(PROMETHEUS_DIR)
install uninstall: export DOC_DIR := $(DOC_DIR)
install uninstall: export BASH_COMPLETION_DIR := $(BASH_COMPLETION_DIR)
install uninstall: export ZSH_COMPLETION_DIR := $(ZSH_COMPLETION_DIR)
install uninstall: export FISH_COMPLETION_DIR := $(FISH_COMPLETION_DIR)
install uninstall: export UNIT_DIR := $(UNIT_DIR)
install uninstall: export UDEV_DIR := $(UDEV_DIR)
install uninstall:
	@contrib/install $@ $(TOOLS)

.PHONY: clean
clean:
	rm -rf build $(foreach tool,$(TOOLS),$(tool)/$(tool))
