/** Names the layout of packed images; those of another one are taken anew. */
export const IMAGE_VERSION = 'isola-image-2';
