# Sourced by run: the stress tests, then the negative control.

# Stays where something fails: the messages name the logs in it.
work=$(mktemp -d "${TMPDIR:-/tmp}/hotswap-stress.XXXXXX")
trap 'rm -rf "$work"; exit 130' INT TERM
cd "$work"
mapfile -t options < <(jvm_options)

# One compiled mode each when quick; else every mode that jcstress knows, and longer.
jcstress() {
  local tests=$1 log=$2
  if [ "${3:-}" = --quick ]; then
    set -- -m quick -f 1 -fsm 1 -iters 2 -time 700 -sc false -af NONE \
      -jvmArgs "-Xmx1g ${options[*]}"
  else
    set -- -m default -f 1 -fsm 2 -iters 5 -time 1000 -af NONE
    [ -n "${options[*]}" ] && set -- "$@" -jvmArgsPrepend "${options[*]}"
  fi
  run_java org.openjdk.jcstress.Main -t "$tests" -r "$work/results" "$@" >"$log" 2>&1
}

summary() {
  grep -E '^ *(Results: .*planned|RESULT|-?[0-9]+, -?[0-9]+ )|FAILED|ERROR|^dev.hotswap' "$1" |
    grep -v 'OK' | sort -u | tail -40
}

lane=$(run_java dev.hotswap.stress.Lane)
echo "JDK $("$java" -version 2>&1 | head -1), ${options[*]:-no options}, $lane lane; logs in $work"
if [ -n "${HOTSWAP_LANE:-}" ] && [ "$lane" != "$HOTSWAP_LANE" ]; then
  rm -rf "$work"
  echo "FAILED: HOTSWAP_LANE asks for the $HOTSWAP_LANE lane, and callers here pin in the $lane one" >&2
  exit 1
fi
echo "the tests, none of which may show a FORBIDDEN outcome ..."
if ! jcstress 'dev.hotswap.stress.(?!Wrong)' "$work/tests.log" "${1:-}"; then
  summary "$work/tests.log"
  echo "FAILED: a FORBIDDEN outcome or an error; see $work/tests.log" >&2
  exit 1
fi
tail -40 "$work/tests.log" | grep -E 'planned' | tail -1

echo "owner lane on threads of the JDK's own class ..."
run_java dev.hotswap.stress.PlainThreads "$@" || exit 1

echo "the negative control, wrong on purpose, which must be caught ..."
if jcstress 'dev.hotswap.stress.WrongSeedAgainstDrain' "$work/control.log" "${1:-}"; then
  echo "FAILED: the negative control passed, so these tests can prove nothing; see $work/control.log" >&2
  exit 1
fi
if ! grep -q 'Observed forbidden state: -' "$work/control.log"; then
  tail -5 "$work/control.log"
  echo "FAILED: the negative control did not run; see $work/control.log" >&2
  exit 1
fi
grep -m1 'Observed forbidden state' "$work/control.log"
echo "passed: nothing forbidden seen, and the wrong rendering was caught"
rm -rf "$work"
