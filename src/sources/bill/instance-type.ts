/** `t3.large`, `p4d.24xlarge`, `u-6tb1.metal`, `db.r6g.large` */
const AWS_TYPE =
  /(?:^|[^a-z0-9.])((?:db\.|cache\.|ml\.)?[a-z][a-z0-9]{0,7}(?:-[a-z0-9]{1,8})?\.(?:nano|micro|small|medium|large|\d{0,3}xlarge|metal(?:-\d{1,3}xl)?))(?:$|[^a-z0-9])/u
const AZURE_TYPE = /(?:^|[^A-Za-z0-9_])(Standard_[A-Z][A-Za-z0-9]{1,12}(?:_[A-Za-z0-9]{1,12}){0,3})/u

/** The machine type that a meter or a description names. */
export function instanceTypeIn(text: string): string | null {
  const short = text.slice(0, 1000)
  return AWS_TYPE.exec(short)?.[1] ?? AZURE_TYPE.exec(short)?.[1] ?? null
}
