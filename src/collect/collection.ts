/** Members of every archive, its first and its last. */
export const ABOUT = 'davylamp/about.json'
export const MANIFEST = 'davylamp/manifest.json'
export const COLLECTION_FORMAT = 'davylamp-collection/1'
