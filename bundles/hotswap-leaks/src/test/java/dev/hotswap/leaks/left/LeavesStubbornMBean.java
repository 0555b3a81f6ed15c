package dev.hotswap.leaks.left;

/** Registers MBeans that do not let themselves be unregistered. */
public class LeavesStubbornMBean extends LeavesMBean {
  @Override
  Object bean() {
    return new Stubborn();
  }
}
