/** Methods on the tensor engine, one folder each: import them as `@dioramic/learn/<method>`. */
export {}
