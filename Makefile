# SPDX-License-Identifier: GPL-2.0-or-later
#
# make            builds vdpa/vdpa, vduse/vduse and vfio/vfio, ready to run
# make demo       installs what is missing, builds, and shows the main job on a real kernel
# make check      installs what is missing, builds, and runs all tests on both kernels
# make bench      measures against iproute2's vdpa and writes doc-ready tables
# make shell      a root shell on a real kernel with the vDPA drivers (KERNEL_NAME=a or b)
# make install    to $(DESTDIR)$(PREFIX)
#
# LINK=static     one file without a loader's work at start: a fraction of the start-up
# LINK=dynamic    for distributions
# SANITIZE=1      with AddressSanitizer and UndefinedBehaviorSanitizer

VERSION := 0.1.0
TOOLS := vdpa vduse vfio
PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin

CC ?= cc
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	    -Wwrite-strings -Wundef -Wformat=2 -Wvla -Wno-missing-field-initializers $(WERROR)

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

ALL_CFLAGS = -std=gnu17 -D_GNU_SOURCE -iquote include -DVERSION='"$(VERSION)"' $(WARNINGS) $(CFLAGS_LINK) \
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

$(O)/%.o: %.c Makefile $(O)/flags
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

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

# The fake kernel for tests of the dynamic build.
$(O)/fake.so: tests/fake/fake.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE $(WARNINGS) -O1 -g -fPIC -shared -o $@ $<

.PHONY: fake
fake: $(O)/fake.so

-include $(shell find $(O) -name '*.d' 2>/dev/null)

# What follows installs what it needs, so it starts make anew for the rest.
AGAIN = $(MAKE) --no-print-directory

.PHONY: demo
demo:
	@tests/packages build vm
	@$(AGAIN) all
	@tests/demo/run

# Both builds: the one that is shipped, and the one that can be faked a kernel for.
.PHONY: check
check:
	@tests/packages build check vm
	@$(AGAIN) test-builds $(if $(SANITIZE),SANITIZE=1)
	@TEST_BUILD=$(O) tests/check $(SUITES)

.PHONY: test-builds
test-builds: binaries units
	@$(AGAIN) binaries fake $(if $(SANITIZE),SANITIZE=1,LINK=dynamic)

# The programs that are measured besides; the floor is to have nothing that slows it.
$(O)/bench/%: tests/bench/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE -iquote include $(WARNINGS) -O2 -static \
		-o $@ $<

BENCH_PROGRAMS := $(O)/bin/vdpa $(O)/bench/floor $(O)/bench/measure

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

.PHONY: install uninstall
install: all
	install -d $(DESTDIR)$(SBINDIR)
	$(foreach tool,$(TOOLS),install -m 755 $(tool)/$(tool) $(DESTDIR)$(SBINDIR)/$(tool);)

uninstall:
	rm -f $(foreach tool,$(TOOLS),$(DESTDIR)$(SBINDIR)/$(tool))

.PHONY: clean
clean:
	rm -rf build $(foreach tool,$(TOOLS),$(tool)/$(tool))
