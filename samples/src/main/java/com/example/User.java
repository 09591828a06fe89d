package com.example;

import java.io.Serializable;

/** A value of the Java samples. */
public record User(int id, String name) implements Serializable {}
