# Sourced by the scripts of the sources: what they need of the machine, and one clear sentence where
# it is not there. Whoever sources it has set $script, the name that refusals begin with.
# (hotswap has these checks in itself: in a distribution it is there without this file.)

oldest_java=17
oldest_maven=3.8.1

refuse() {
  printf '%s: %s\n' "$script" "$1" >&2
  exit 2
}

# version_of BIN/java: its feature number, 8 for 1.8; nothing where it does not run or say it.
version_of() {
  local said
  said=$("$1" -version 2>&1) || return 0
  printf '%s\n' "$said" | sed -n 's/.*version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -n 1
}

# Sets $java and $java_version.
find_java() {
  java=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java") ||
    refuse "there is no ${JAVA_HOME:+bin/}java${JAVA_HOME:+ in JAVA_HOME, $JAVA_HOME}; install a JDK $oldest_java or newer, or point JAVA_HOME at one."
  java_version=$(version_of "$java")
  [[ $java_version =~ ^[0-9]+$ ]] && [ "$java_version" -ge "$oldest_java" ] ||
    refuse "$java is Java ${java_version:-of no known version}; install a JDK $oldest_java or newer, or point JAVA_HOME at one."
}

# What a build needs beside the Java that find_java has found, which Maven runs on too.
check_build_tools() {
  [ -x "$(dirname "$(readlink -f "$java")")/javac" ] ||
    refuse "$java belongs to no JDK: there is no javac beside it; install a JDK $oldest_java or newer, or point JAVA_HOME at one."
  command -v mvn >/dev/null || refuse "there is no mvn; install Maven $oldest_maven or newer."
  local said version
  said=$(mvn -B -version 2>&1) || refuse "mvn does not run; 'mvn -version' says: $(printf '%s\n' "$said" | head -n 1)"
  version=$(printf '%s\n' "$said" | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1)
  is_at_least "${version:-0}" "$oldest_maven" ||
    refuse "this mvn is Maven ${version:-of no known version}; install Maven $oldest_maven or newer."
}

# is_at_least 3.8.7 3.8.1
is_at_least() {
  local IFS=. have want i
  read -ra have <<<"$1"
  read -ra want <<<"$2"
  for i in "${!want[@]}"; do
    [ "${have[i]:-0}" -gt "${want[i]}" ] && return 0
    [ "${have[i]:-0}" -lt "${want[i]}" ] && return 1
  done
  return 0
}
