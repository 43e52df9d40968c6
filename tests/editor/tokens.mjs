// Reads a JSON list of texts and writes, for each of them, its tokens as the TextMate engine of
// VS Code sees them with the editor grammar: [start, end, scope, scope...], counted in characters.
//
// node tokens.mjs FOLDER-OF-MODULES GRAMMAR < texts.json > tokens.json

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const [modules, grammarPath] = process.argv.slice(2)
const require = createRequire(resolve(modules, 'from-here.js'))
const oniguruma = require('vscode-oniguruma')
const textmate = require('vscode-textmate')

await oniguruma.loadWASM(
  readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')).buffer
)
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text)
  }),
  loadGrammar: async () =>
    textmate.parseRawGrammar(readFileSync(grammarPath, 'utf8'), grammarPath)
})
const grammar = await registry.loadGrammar('source.req')

const characters = (text) => [...text].length

function tokens(text) {
  const found = []
  let stack = textmate.INITIAL
  let start = 0
  for (const line of text.split('\n')) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack)
    for (const { startIndex, endIndex, scopes } of tokens) {
      // The engine counts a line end behind every line, which the slice leaves out.
      const [from, to] = [startIndex, endIndex].map((index) => characters(line.slice(0, index)))
      if (from < to) found.push([start + from, start + to, ...scopes.slice(1)])
    }
    stack = ruleStack
    start += characters(line) + 1
  }
  return found
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(tokens)))
