export const SOURCE = 'aws-describe'
