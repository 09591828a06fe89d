package io.cachewire.micrometer;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** The observations of a client. */
public enum MemcachedObservation implements ObservationDocumentation {
    /** A call, from its start to the taking of its result. */
    OPERATION {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultMemcachedObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return LowCardinality.values();
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return HighCardinality.values();
        }
    };

    /** Closed lists, but for the servers, which have those of the list; fit for the tags of a meter. The handler of meters adds {@code error}. */
    public enum LowCardinality implements KeyName {
        /** The verb: {@code get}, {@code set}, … */
        OPERATION("operation"),
        /** {@code host:port}, {@code several} for a call over several keys, {@code unknown} where no server had been chosen. */
        SERVER("server"),
        /** As the tag of {@link MemcachedMeter#OPERATION}; {@code none} until the call has ended. */
        OUTCOME("outcome");

        private final String text;

        LowCardinality(String text) {
            this.text = text;
        }

        @Override
        public String asString() {
            return text;
        }
    }

    /** For traces. */
    public enum HighCardinality implements KeyName {
        /** How often requests were sent because of the call. */
        ATTEMPTS("memcached.attempts"),
        /** How many keys the call is over. */
        KEYS("memcached.key_count"),
        /** How many of them were there. */
        HITS("memcached.hit_count"),
        /** How many of them were absent. */
        MISSES("memcached.miss_count");

        private final String text;

        HighCardinality(String text) {
            this.text = text;
        }

        @Override
        public String asString() {
            return text;
        }
    }
}
