package greeting;

import org.osgi.annotation.versioning.ConsumerType;

/** The contract: callers and plugins share it, and it is never swapped. */
@ConsumerType // plugins implement it
public interface Greeting {
  String greet(String name);
}
