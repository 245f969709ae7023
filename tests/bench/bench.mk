# SPDX-License-Identifier: EUPL-1.2
# The programs that the benchmark compares our server with: see bare.c.

BENCH_BARE :=		$(BUILD)/bench/bare
BENCH_BARE_PGSQL :=	$(BUILD)/bench/bare-pgsql

# Both run in the sandbox of our workers: what it costs, it costs both.
BENCH_SOURCES :=	tests/bench/bare.c platform/web/seccomp.c

$(BENCH_BARE): $(BENCH_SOURCES) $(KORE_STAMP)
	@mkdir -p $(@D)
	$(CC) $(WARN) $(HARDEN) $(KORE_CFLAGS) $(LDFLAGS) -o $@ \
	    $(BENCH_SOURCES) $(KORE_OBJECTS) $(KORE_LDLIBS)

$(BENCH_BARE_PGSQL): $(BENCH_SOURCES) $(KORE_PGSQL_STAMP)
	@mkdir -p $(@D)
	$(CC) $(WARN) $(HARDEN) $(KORE_PGSQL_CFLAGS) $(LDFLAGS) -o $@ \
	    $(BENCH_SOURCES) $(KORE_PGSQL_OBJECTS) $(KORE_PGSQL_LDLIBS)
