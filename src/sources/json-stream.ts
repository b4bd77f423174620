export { jsonStream } from './json/define-json-source.ts'
