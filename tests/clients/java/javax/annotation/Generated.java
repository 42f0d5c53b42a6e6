package javax.annotation;

/** Marks generated code; Java 11 no longer has it. */
public @interface Generated {
    String value();
    String date() default "";
    String comments() default "";
}
