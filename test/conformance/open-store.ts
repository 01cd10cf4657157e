/** A store under test, which is closed when the test has ended. */
export interface OpenedStore<Store> {
  readonly store: Store;
  /** Closes it and opens it again on the same data; absent where data ends with it. */
  readonly reopen?: () => Promise<Store>;
}

/** Opens an adapter of a store, empty. */
export type OpenStore<Store, Given extends readonly unknown[] = []> = (...given: Given) => OpenedStore<Store>;
