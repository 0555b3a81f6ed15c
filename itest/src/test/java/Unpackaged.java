/** A contract that cannot be shared: it is in no package. */
public interface Unpackaged {}
