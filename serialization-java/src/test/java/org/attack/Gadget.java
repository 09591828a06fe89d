package org.attack;

import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands for the classes of a gadget chain: it does harm in {@code readObject}, and as the handler of a proxy. */
public class Gadget implements Serializable, InvocationHandler {
    public static final AtomicInteger RUNS = new AtomicInteger();

    private void readObject(ObjectInputStream input) {
        RUNS.incrementAndGet();
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
        RUNS.incrementAndGet();
        return 0;
    }

    /** A parent whose own fields and hooks are read with the child. */
    public static class Child extends Gadget {}

    /** Its constants are objects of a class that was not allowed. */
    public enum Choice {
        ONE
    }

    /** Written as another class. */
    public static final class Disguised implements Serializable {
        private Object writeReplace() {
            return new Gadget();
        }
    }
}
