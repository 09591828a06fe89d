package io.cachewire.benchmarks.load;

/**
 * One cell of the table: what is done, and by how many at once.
 *
 * @param workload what each caller does
 * @param callers how many do it, each waiting for its answer before it goes on
 */
public record Cell(Workload workload, int callers) {
    /** The name in tables and filters: {@code get-100B/64}. */
    public String name() {
        return workload.name() + "/" + callers;
    }
}
