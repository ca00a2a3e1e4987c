/**
 * How fast what is no matrix learns. Adam moves each number by about the rate, whatever its size; one that fits entries of matrices (1/√d) is slow for vectors of deviation 1, and for scales, biases
 * and gates, where one number stands for a whole head or channel. The paper's code is trained by Adafactor, whose steps are shares of what a parameter is. Nor does weight decay, which is for
 * matrices, pull any of them to 0.
 */

/** Of the vectors of deviation 1: embedding, states' own vectors. */
export const OF_VECTORS = { lr: 5, decay: 0 }

/** Of scales, relative biases and gates' biases. */
export const OF_SCALARS = { lr: 10, decay: 0 }
