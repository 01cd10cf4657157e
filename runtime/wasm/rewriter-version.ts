/** Part of an artifact's name: changes whenever the same input would give other bytes. */
export const REWRITER_VERSION = 'isola-fuel-13';
