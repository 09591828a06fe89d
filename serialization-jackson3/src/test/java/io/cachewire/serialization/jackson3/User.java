package io.cachewire.serialization.jackson3;

import java.util.List;

/** A value of the tests. */
record User(int id, String name, List<String> roles) {}
