export const SOURCE = 'terraform'
