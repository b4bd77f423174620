export const SOURCE_ID = 'journald'
