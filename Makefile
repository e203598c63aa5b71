# SPDX-License-Identifier: GPL-2.0-or-later
#
# make            builds all tools, each beside its sources (vdpa/vdpa, ...), ready to run
# make install    to $(DESTDIR)$(PREFIX), built as the last make did; make uninstall
# make demo       installs what is missing, builds, and shows the main job on a real kernel
# make check      installs what is missing, builds, and runs all tests on real kernels
# make torture    lets each allocation and each system call of each command fail once; LONG=1 for
#                 each error of each call
# make bench      measures against iproute2's vdpa and writes doc-ready tables
# make shell      a root shell on a real kernel with the vDPA drivers (KERNEL_NAME=a, b or c)
# make dist       a tar.gz of the sources, in build/
# make deb        installs what is missing and builds a Debian package, in build/deb/
# make ansible    packs the Ansible collection, in build/
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

# A release has its version in a file, a clone that of its commit. The number here is that of the
# next release.
VERSION := 0.1.0-pre
ifneq ($(wildcard VERSION),)
VERSION := $(shell cat VERSION)
else ifneq ($(wildcard .git),)
VERSION := $(shell contrib/version $(VERSION))
endif

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

include contrib/flags.mk

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

include tests/testbed.mk contrib/install.mk
-include $(shell find $(O) -name '*.d' 2>/dev/null)

# The makes that follow the installing of packages start anew.
AGAIN = $(MAKE) --no-print-directory

.PHONY: version
version:
	@echo '$(VERSION)'

.PHONY: clean
clean:
	rm -rf build $(foreach tool,$(TOOLS),$(tool)/$(tool))
