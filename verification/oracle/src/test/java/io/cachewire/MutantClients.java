package io.cachewire;

import io.cachewire.internal.cluster.Cluster;
import io.cachewire.internal.cluster.ClusterSettings;
import io.cachewire.internal.operation.Engine;
import io.cachewire.internal.protocol.Dialect;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.function.UnaryOperator;

/** Clients that are right but for one part, which is replaced below their faces. */
public final class MutantClients {
    private MutantClients() {}

    /** A client set up like another one, with its engine replaced by what {@code change} makes of it. */
    public static MemcachedClient withEngine(MemcachedClient like, UnaryOperator<Engine> change) {
        return new ClientBuilder<>((engine, operations, settings) ->
                        new MemcachedClient(change.apply(engine), operations, settings))
                .from(like.settings())
                .build();
    }

    /** A client set up like another one, whose connections speak another dialect. */
    public static MemcachedClient withDialect(MemcachedClient like, Dialect dialect) {
        ClusterSettings right = EngineSettings.cluster(like.settings());
        return withEngine(like, engine -> {
            engine.close();
            return new Cluster(with(right, "connection", with(right.connection(), "dialect", dialect)));
        });
    }

    /** The same record with another value in one component. */
    @SuppressWarnings("unchecked")
    private static <R extends Record> R with(R record, String component, Object value) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = components[i].getName().equals(component)
                        ? value
                        : components[i].getAccessor().invoke(record);
            }
            return (R) record.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException | InstantiationException e) {
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
