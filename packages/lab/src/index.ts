/** The experiments by name. */
export {}
