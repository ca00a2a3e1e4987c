import { mapTree, type Tree } from '../graph/tree.ts'

/** `mapTree` for a tree of one kind of leaf; spares the compiler from following its type to any depth. */
export const mapLeaves = <A, B>(tree: Tree<A>, f: (leaf: A, path: string) => B): Tree<B> => mapTree<unknown, A, B>(tree, f) as Tree<B>
