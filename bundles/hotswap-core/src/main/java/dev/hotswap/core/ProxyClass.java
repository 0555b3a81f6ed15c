package dev.hotswap.core;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Writes the class of a contract's proxies: each method is the steps of {@link LeasedProxy}, with
 * the arguments where the caller put them, so that nothing is packed or boxed.
 */
final class ProxyClass {
  private static final String PARENT = Type.getInternalName(LeasedProxy.class);
  private static final String CONSTRUCTOR = descriptor(void.class, SlotHandle.class);
  private static final String LOOK = descriptor(Binding.class, LeasedProxy.class);
  private static final String ENTER = descriptor(long.class, LeasedProxy.class, Binding.class);
  private static final String ENTERED =
      descriptor(Binding.class, LeasedProxy.class, Binding.class, long.class);
  private static final String SERVICE = descriptor(Object.class, Binding.class);
  private static final String LEAVE = descriptor(void.class, Binding.class, long.class);
  private static final String LEAVE_WITH =
      descriptor(void.class, Object.class, Binding.class, long.class);
  private static final String FAILED =
      descriptor(Throwable.class, Throwable.class, Binding.class, long.class);

  private final Class<?> contract;
  private final String name;
  // computes the frames too; as no paths join in a method, it never asks for a common superclass
  private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);

  private ProxyClass(Class<?> contract, String name) {
    this.contract = contract;
    this.name = name;
  }

  /** A proxy of a generated class; by reflection where that class may not see the contract. */
  static <S> S proxy(SlotHandle<S> handle) {
    Class<S> contract = handle.contract();
    try {
      Class<?> type =
          Modifier.isPublic(contract.getModifiers()) ? apart(contract) : beside(contract);
      return contract.cast(type.getDeclaredConstructor(SlotHandle.class).newInstance(handle));
    } catch (ReflectiveOperationException | LinkageError e) {
      return ReflectedProxy.of(handle);
    }
  }

  /** In a class loader of its own, that sees what the contract sees, and this engine. */
  private static Class<?> apart(Class<?> contract) {
    String name = "leased." + contract.getName();
    return new Apart(contract).define(name, new ProxyClass(contract, name).write());
  }

  /** In the contract's own package; refused where that is of another module, so another loader. */
  private static Class<?> beside(Class<?> contract) throws IllegalAccessException {
    return MethodHandles.privateLookupIn(contract, MethodHandles.lookup())
        .defineHiddenClass(new ProxyClass(contract, contract.getName() + "$Leased").write(), false)
        .lookupClass();
  }

  /** Whether what the method answers may have to be waited for. */
  static boolean mayReturnStage(Method method) {
    Class<?> type = method.getReturnType();
    return type.isAssignableFrom(CompletableFuture.class)
        || CompletionStage.class.isAssignableFrom(type);
  }

  private byte[] write() {
    writer.visit(
        Opcodes.V17,
        Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC,
        name.replace('.', '/'),
        null,
        PARENT,
        new String[] {Type.getInternalName(contract)});
    writeConstructor();
    Set<String> written = new HashSet<>();
    for (Method method : contract.getMethods()) {
      boolean calls = !Modifier.isStatic(method.getModifiers()) && !isObjects(method);
      if (calls && written.add(method.getName() + Type.getMethodDescriptor(method))) {
        writeCall(method);
      }
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static boolean isObjects(Method method) {
    return switch (method.getName()) {
      case "equals" -> Arrays.equals(method.getParameterTypes(), new Class<?>[] {Object.class});
      case "hashCode", "toString" -> method.getParameterCount() == 0;
      default -> false;
    };
  }

  private void writeConstructor() {
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", CONSTRUCTOR, null, null);
    code.visitCode();
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitVarInsn(Opcodes.ALOAD, 1);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, PARENT, "<init>", CONSTRUCTOR, false);
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private void writeCall(Method method) {
    String descriptor = Type.getMethodDescriptor(method);
    int binding = Type.getArgumentsAndReturnSizes(descriptor) >> 2;
    MethodVisitor code =
        writer.visitMethod(Opcodes.ACC_PUBLIC, method.getName(), descriptor, null, null);
    Label begin = new Label();
    Label end = new Label();
    Label handler = new Label();
    code.visitCode();
    code.visitTryCatchBlock(begin, end, handler, null);
    writeEntry(code, binding);
    code.visitLabel(begin);
    writeInvocation(code, method, binding);
    code.visitLabel(end);
    writeExit(code, method, binding);
    code.visitLabel(handler);
    loadPin(code, binding);
    step(code, "failed", FAILED);
    code.visitInsn(Opcodes.ATHROW);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  /** Leaves the binding and, after it, the seat in variables. */
  private static void writeEntry(MethodVisitor code, int binding) {
    code.visitVarInsn(Opcodes.ALOAD, 0);
    step(code, "look", LOOK);
    code.visitVarInsn(Opcodes.ASTORE, binding);
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitVarInsn(Opcodes.ALOAD, binding);
    step(code, "enter", ENTER);
    code.visitVarInsn(Opcodes.LSTORE, binding + 1);
    code.visitVarInsn(Opcodes.ALOAD, 0);
    loadPin(code, binding);
    step(code, "entered", ENTERED);
    code.visitVarInsn(Opcodes.ASTORE, binding);
  }

  /** Leaves the answer on the stack. */
  private void writeInvocation(MethodVisitor code, Method method, int binding) {
    String owner = Type.getInternalName(contract);
    code.visitVarInsn(Opcodes.ALOAD, binding);
    step(code, "service", SERVICE);
    code.visitTypeInsn(Opcodes.CHECKCAST, owner);
    int variable = 1;
    for (Type argument : Type.getArgumentTypes(method)) {
      code.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), variable);
      variable += argument.getSize();
    }
    String descriptor = Type.getMethodDescriptor(method);
    code.visitMethodInsn(Opcodes.INVOKEINTERFACE, owner, method.getName(), descriptor, true);
  }

  private static void writeExit(MethodVisitor code, Method method, int binding) {
    boolean mayReturnStage = mayReturnStage(method);
    if (mayReturnStage) {
      code.visitInsn(Opcodes.DUP);
    }
    loadPin(code, binding);
    step(code, "leave", mayReturnStage ? LEAVE_WITH : LEAVE);
    code.visitInsn(Type.getReturnType(method).getOpcode(Opcodes.IRETURN));
  }

  private static void loadPin(MethodVisitor code, int binding) {
    code.visitVarInsn(Opcodes.ALOAD, binding);
    code.visitVarInsn(Opcodes.LLOAD, binding + 1);
  }

  private static void step(MethodVisitor code, String name, String descriptor) {
    code.visitMethodInsn(Opcodes.INVOKESTATIC, PARENT, name, descriptor, false);
  }

  private static String descriptor(Class<?> answer, Class<?>... parameters) {
    Type[] types = Arrays.stream(parameters).map(Type::getType).toArray(Type[]::new);
    return Type.getMethodDescriptor(Type.getType(answer), types);
  }

  /** Defines one proxy class. Goes when the proxy and its class do; nothing else refers to it. */
  private static final class Apart extends ClassLoader {
    private final Map<String, Class<?>> known;

    Apart(Class<?> contract) {
      super(contract.getClassLoader());
      this.known =
          Stream.of(contract, LeasedProxy.class, Binding.class, SlotHandle.class)
              .collect(Collectors.toUnmodifiableMap(Class::getName, Function.identity()));
    }

    Class<?> define(String name, byte[] bytes) {
      return defineClass(name, bytes, 0, bytes.length);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      Class<?> found = known.get(name);
      return found != null ? found : super.loadClass(name, resolve);
    }
  }
}
