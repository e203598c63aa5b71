# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests, measurements and the demo. The Makefile includes this.

# Unit tests: one program for each file, linked with the library and a tool's floors: vdpa's, or
# those of the tool that the file is named after.
UNITS := $(patsubst tests/unit/%.c,$(O)/unit/%,$(wildcard tests/unit/test-*.c))
floors = $(filter-out $(O)/$(1)/main.o $(O)/$(1)/cmd/main.o,$(call tool_objects,$(1)))

define unit_rules
$(O)/unit/$(1)%: $(O)/tests/unit/$(1)%.o $(call floors,$(2)) $(O)/libtools.a
	@mkdir -p $$(@D)
	$$(call quiet,LINK,$$@)$$(LINK_PROGRAM)
endef
$(foreach tool,$(filter-out vdpa,$(TOOLS)),$(eval $(call unit_rules,test-$(tool)-,$(tool))))
$(eval $(call unit_rules,,vdpa))

.PHONY: units
units: $(UNITS)

# Programs that stand in for devices which no virtual machine has; the kernel's tests start them.
SERVERS := $(patsubst tests/kernel/%.c,$(O)/servers/%,$(wildcard tests/kernel/*-server.c))
$(O)/servers/%: tests/kernel/%.c include/abi/*.h Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CC) -std=gnu17 -D_GNU_SOURCE -iquote include -iquote . $(WARNINGS) -O1 -g -static \
		-o $@ $<

.PHONY: servers
servers: $(SERVERS)

# The fake kernels for tests of the dynamic build.
FAKES := $(patsubst tests/fake/%.c,$(O)/%.so,$(wildcard tests/fake/*.c))
$(FAKES): $(O)/%.so: tests/fake/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE $(LARGE_FILES) $(WARNINGS) -O1 -g -fPIC -shared -o $@ $<

# What lets calls fail; it knows the registers of x86-64.
TORTURE := $(if $(findstring x86_64,$(MAKE_HOST)),$(O)/torture/preload.so $(O)/torture/torture)
$(O)/torture/preload.so: $(addprefix tests/torture/,preload.c kernel.c bus.c nodes.c)
$(O)/torture/torture: $(addprefix tests/torture/,torture.c lines.c state.c trace.c calls.c)
$(O)/torture/preload.so: TORTURE_FLAGS := $(LARGE_FILES) -fPIC -shared
$(TORTURE): $(wildcard tests/torture/*.h include/abi/*.h) Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE -iquote include -iquote . $(WARNINGS) -O1 -g \
		$(TORTURE_FLAGS) -o $@ $(filter %.c,$^)

# LONG=1 lets each call fail with each of its errors.
.PHONY: torture
torture: test-builds
	@TEST_BUILD=$(FAKE_O) tests/torture/run $(if $(LONG),-l)

.PHONY: fake
fake: $(FAKES) $(TORTURE)

# Wraps the tools in tests on real kernels, and keeps the JSON that they print.
$(O)/recorded/%: tests/kernel/record.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE $(WARNINGS) -O1 -g $(CFLAGS_LINK) $(LDFLAGS_LINK) -o $@ $<

.PHONY: demo
demo:
	@tests/packages build vm
	+@$(AGAIN) all
	@tests/demo/run

# The picture of it that the README shows.
.PHONY: picture
picture:
	@tests/packages build vm
	+@$(AGAIN) all
	@DEMO_COLOR=always VM_ENV=DEMO_COLOR tests/vm/run -k a -t 120 tests/demo/tour >build/session
	@tests/demo/record build/session >man/pictures/demo.svg

# The packages that suites need are installed before several suites run in parallel. They also decide how
# to build, so a new make is started after that, which builds and names the build.
.PHONY: check check-built
check:
	@tests/packages build check vm $(filter portable package fleet,$(or $(SUITES),portable package fleet))
	+@$(AGAIN) check-built

check-built: test-builds
	@TEST_BUILD=$(O) FAKE_BUILD=$(FAKE_O) tests/check $(SUITES)

# Both builds: the static one, which is shipped, and the dynamic one for tests with the fake kernel, which
# replaces a shared library.
FAKE_O := $(if $(filter dynamic,$(link)),$(O),$(if $(filter build/static,$(O)),build/dynamic,$(O)-dynamic))
.PHONY: test-builds
test-builds: binaries units servers $(foreach tool,$(TOOLS),$(O)/recorded/$(tool))
	+@$(AGAIN) binaries fake O=$(FAKE_O) LINK=dynamic

# The programs that ours are compared with. Nothing must slow the floor program down.
$(O)/bench/%: tests/bench/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE -iquote include -iquote . $(WARNINGS) -O2 -static \
		-o $@ $<

BENCH_PROGRAMS := $(O)/bin/vdpa $(O)/bench/floor $(O)/bench/measure $(O)/bin/vduse \
		  $(O)/bench/vduse-floor

# All numbers are written to a file of their own, and some of them to the README.
.PHONY: bench bench-table
bench:
	@tests/packages build vm
	+@$(AGAIN) bench-table LINK=static

bench-table: $(BENCH_PROGRAMS)
	+@$(AGAIN) binaries O=$(FAKE_O) LINK=dynamic
	@tests/bench/native $(O)/bench/measure $(O)/bin/vdpa $(FAKE_O)/bin/vdpa >build/native.md
	@tests/bench/run tests/bench/RESULTS.md $(BENCH_PROGRAMS)
	@cat build/native.md >>tests/bench/RESULTS.md
	@awk -f tests/bench/readme.awk tests/bench/RESULTS.md README.md >README.md.new && mv README.md.new README.md

KERNEL_NAME ?= b
.PHONY: shell
shell:
	@tests/packages build vm
	+@$(AGAIN) all
	@tests/vm/shell -k $(KERNEL_NAME)
