package io.cachewire.serialization.jackson;

import java.util.List;

/** A value of the tests. */
record User(int id, String name, List<String> roles) {}
