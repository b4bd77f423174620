export const SOURCE_ID = 'syslog'
