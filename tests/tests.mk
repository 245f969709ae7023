# SPDX-License-Identifier: EUPL-1.2
# Building and running the tests. Included by the Makefile.

include tests/bench/bench.mk

UNIT	:= $(patsubst tests/%.c,%,$(wildcard tests/unit/*_test.c tests/db/*_test.c))
FUZZ	:= $(filter-out replay,$(basename $(notdir $(wildcard tests/fuzz/*.c))))
FUZZ_SECONDS ?= 60

# Unit tests reach into the courier's rooms as well; only the entries with
# main() stay out.
PARTS	= $(call object,$(COURIER))

$(BUILD)/tests/unit/% $(BUILD)/tests/db/%: tests/unit/fixture.h

# What of the web part knows nothing of Kore.
WEB_PARTS = $(call object,$(patsubst %,platform/web/%.c,cache caller_text \
	    coding limit range))

$(BUILD)/tests/%_test: tests/%_test.c $(LIB) $(call object,$(COURIER)) \
    $(WEB_PARTS)
	@mkdir -p $(@D)
	$(SAY) TEST $@
	$(Q)$(CC) $(CFLAGS) -Itests/unit $(LDFLAGS) -MMD -MP -o $@ $< $(PARTS) \
	    $(WEB_PARTS) $(WHOLE) -lcmocka $(LDLIBS) $(DRAW_LIBS)

# The same target twice: a replay of its seeds, and with libFuzzer.
$(BUILD)/tests/fuzz/%-replay: tests/fuzz/%.c tests/fuzz/replay.c $(LIB) \
    $(call object,$(COURIER))
	@mkdir -p $(@D)
	$(SAY) TEST $@
	$(Q)$(CC) $(CFLAGS) -Wno-missing-prototypes $(LDFLAGS) -o $@ $< \
	    tests/fuzz/replay.c $(PARTS) $(WHOLE) $(LDLIBS) $(DRAW_LIBS)

$(BUILD)/tests/fuzz/%-fuzz: tests/fuzz/%.c $(LIB) $(call object,$(COURIER))
	@mkdir -p $(@D)
	$(SAY) FUZZ $@
	$(Q)$(CC) $(CFLAGS) -Wno-missing-prototypes $(LDFLAGS) \
	    -fsanitize=fuzzer -o $@ $< $(PARTS) $(WHOLE) $(LDLIBS) $(DRAW_LIBS)

.PHONY: test-programs fuzz-programs test-run fuzz-run
# Of what ONLY leaves; all without it.
only	= $(foreach t,$(1),$(if $(ONLY),$(if $(strip $(foreach \
	  w,$(ONLY),$(findstring $(w),tests/$(t).c))),$(t)),$(t)))
test-programs: $(patsubst %,$(BUILD)/tests/%,$(call only,$(UNIT))) \
    $(patsubst %,$(BUILD)/tests/%-replay,$(call only,$(FUZZ:%=fuzz/%)))
fuzz-programs: $(FUZZ:%=$(BUILD)/tests/fuzz/%-fuzz)

test:	## all tests; ONLY=word for the files whose path holds it
	@sh platform/deps.sh test
	@$(BUILD_ALL) ONLY="$(ONLY)" programs test-programs
	@BUILD=$(BUILD) SAN="$(SAN)" exec node tests/run.mjs $(ONLY)

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all

asan:	## all tests under AddressSanitizer and UBSan
	@ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:allow_user_segv_handler=1 \
	UBSAN_OPTIONS=print_stacktrace=1 \
	$(MAKE) --no-print-directory BUILD=build-asan SAN="$(SANITIZE)" test

fuzz:	## every fuzz target for FUZZ_SECONDS (60)
	@sh platform/deps.sh fuzz
	@$(BUILD_ALL) BUILD=build-fuzz CC=clang \
	    SAN="-fsanitize=fuzzer-no-link,address,undefined \
	    -fno-sanitize-recover=all" fuzz-programs
	@$(MAKE) --no-print-directory BUILD=build-fuzz fuzz-run

# New finds go to a folder of their own; a crash stays there as a file.
fuzz-run:
	@bad=0; for t in $(FUZZ); do \
	    mkdir -p $(BUILD)/corpus/$$t; \
	    $(BUILD)/tests/fuzz/$$t-fuzz -max_total_time=$(FUZZ_SECONDS) \
		-timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix=$(BUILD)/$$t-crash- \
		$(BUILD)/corpus/$$t tests/fuzz/seeds/$$t \
		>$(BUILD)/$$t.log 2>&1 || { bad=1; tail -n 40 $(BUILD)/$$t.log; }; \
	    echo "$$t: $$(grep -a '^Done' $(BUILD)/$$t.log || echo FAILED)"; \
	done; exit $$bad

SOURCES	= $(wildcard platform/*/*.[ch] platform/*/*/*.[ch] plugins/*/*.[ch] \
	  tests/*/*.[ch])

lint:	## both compilers, static analysis, forbidden functions
	@sh platform/deps.sh lint
	@$(BUILD_ALL) programs
	@$(BUILD_ALL) BUILD=build-clang CC=clang programs
	@BUILD=$(BUILD) sh tests/lint.sh $(SOURCES)

screenshots:	## start pages, a report's way, the office, in var/screenshots/
	@sh platform/deps.sh test
	@$(BUILD_ALL) programs
	@BUILD=$(BUILD) node tests/browser/lib/screenshots.mjs

bench:	## the table of ratios
	@sh platform/deps.sh bench
	@$(BUILD_ALL) programs $(BENCH_BARE) $(BENCH_BARE_PGSQL)
	@BUILD=$(BUILD) node tests/bench/bench.mjs $(ONLY)
