#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# What compilers do not say: forbidden functions, missing licence lines, long
# functions and files, rooms that reach where they must not. Silent when all
# is well.
#
#	lint.sh <C source> …

set -eu
bad=0

say() {
	bad=1
	printf '%s\n' "$@" >&2
}

# No bounds, no errors, or static storage; use what platform/include offers.
found=$(grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|system|popen|alloca|rand|tmpnam|mktemp)[[:space:]]*\(' \
    "$@" | grep -vE '^[^:]+:[0-9]+:[[:space:]]*(/?\*|//)' || true)
[ -z "$found" ] || say "forbidden functions:" "$found"

# JSON, CSV and fonts have no comments; what they are taken from says a SOURCES.md.
for file in $(git ls-files 2>/dev/null); do
	[ -e "$file" ] || continue
	case $file in
	LICENSE|*/OFL.txt|*.woff2|*.json|*.geojson|*.csv|*.pmtiles|\
	docs/pictures/*.png|tests/fixtures/images/*|tests/fuzz/seeds/*)
		continue ;;
	esac
	head -n 3 "$file" | grep -q 'SPDX-License-Identifier: EUPL-1.2' ||
	    say "no licence line: $file"
done

# Who may call whom (ARCHITECTURE.md).
rule() {
	found=$(grep -nE "^#[[:space:]]*include[[:space:]]+[<\"]($2)" \
	    $(ls $1 2>/dev/null) /dev/null || true)
	[ -z "$found" ] || say "$3:" "$found"
}
rule 'platform/core/*.[ch] platform/core/*/*.[ch] platform/base/*.[ch]' 'db/|web/|courier/|cli/|kore/|libpq' \
    "core reaches out of its room"
rule 'platform/db/*.[ch]' 'web/|courier/|cli/|kore/' \
    "db reaches out of its room"
rule 'platform/courier/*.[ch] platform/cli/*.[ch]' 'web/|kore/' \
    "only web includes Kore"
rule 'platform/web/*.[ch]' 'courier/|cli/|curl/|jpeglib|png.h|webp/|librsvg|cairo|expat' \
    "web reaches out of its room"
rule 'plugins/*/*.[ch]' 'core/|db/|web/|courier/|cli/|kore/|libpq' \
    "a plugin includes stadtkern/… only"
rule 'platform/core/document/*.[ch]' 'core/(field|plugin|theme|tenant|exchange)/' \
    "core/document knows no fields"
rule 'platform/core/field/*.[ch]' 'core/(plugin|theme|tenant|exchange)/' \
    "core/field knows no plugins"
rule 'platform/core/plugin/*.[ch]' 'core/(theme|tenant|exchange)/' \
    "core/plugin knows no tenants"
rule 'platform/core/theme/*.[ch]' 'core/(plugin|tenant|exchange)/' \
    "core/theme knows no tenants"
rule 'platform/core/tenant/*.[ch]' 'core/exchange/' \
    "core/tenant knows no exchanges"
rule 'platform/core/proof/*.[ch]' 'core/(field|plugin|theme|tenant|exchange)/' \
    "core/proof knows documents only"
rule 'platform/core/image/*.[ch]' 'core/(document|field|plugin|theme|tenant|exchange)/' \
    "core/image stands for itself"
rule 'platform/core/tiles/*.[ch]' 'core/[^t]|core/t[eh]|stadtkern/' \
    "core/tiles stands for itself"
names=$(ls plugins | sed 's/-/[-_]/g' | paste -sd'|' -)
found=$(git ls-files platform themes 2>/dev/null |
    xargs -r grep -niE "$names" || true)
[ -z "$found" ] || say "the platform knows no plugin by name:" "$found"

found=$(platform/app/node_modules/.bin/tsc -p platform/app 2>&1 || true)
[ -z "$found" ] || say "TypeScript:" "$found"
found=$(grep -rnE 'innerHTML|outerHTML|insertAdjacentHTML|dangerouslySet|[^a-zA-Z.]eval\(|new Function| style="' \
    platform/app/src platform/office/src plugins/*/app plugins/*/office \
    2>/dev/null || true)
[ -z "$found" ] || say "HTML from strings, or inline style:" "$found"
found=$(grep -nE '(margin|padding|border)-(left|right)|[^-](left|right):|text-align: (left|right)|float:' \
    platform/app/src/style/*.scss platform/office/src/style/*.scss \
    plugins/*/app/*.css plugins/*/office/*.css 2>/dev/null || true)
[ -z "$found" ] || say "a side of the page instead of the line:" "$found"

found=$(wc -l "$@" | awk '$2 != "total" && $1 > 800 { print $1, $2 }')
[ -z "$found" ] || say "files over 800 lines:" "$found"
found=$(awk 'FNR == 1 { start = 0 } /^\{/ { start = FNR }
    /^\}/ { if (start && FNR - start > 100)
	printf "%s:%d %d lines\n", FILENAME, start, FNR - start; start = 0 }' "$@")
[ -z "$found" ] || say "functions over 100 lines:" "$found"

found=$(cppcheck --quiet --std=c11 --enable=warning,portability \
    --inline-suppr --suppress=missingIncludeSystem --error-exitcode=0 \
    --template='{file}:{line}: {id}: {message}' \
    -Iplatform/include -Iplatform -i platform/app platform plugins 2>&1 || true)
[ -z "$found" ] || say "cppcheck:" "$found"

FLAGS="-std=c11 -D_GNU_SOURCE -DKORE_SINGLE_BINARY -Iplatform/include \
    -Iplatform -isystem $BUILD/kore/src/include \
    $(pkg-config --cflags libpq libpng librsvg-2.0 cairo-ft gmime-3.0)"
export FLAGS
found=$(printf '%s\n' "$@" | grep -E '^(platform|plugins)/.*\.c$' |
    xargs -P "$(nproc)" -n 4 sh -c 'clang-tidy --quiet \
    --checks=-*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.*,-clang-analyzer-valist.* \
    "$@" -- $FLAGS' sh 2>/dev/null |
    grep -E 'warning:|error:' | sort -u || true)
[ -z "$found" ] || say "clang-tidy:" "$found"

exit "$bad"
