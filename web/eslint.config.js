// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "eslint/config";
import solid from "eslint-plugin-solid/configs/typescript";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist/", "src/api/generated/"] },
  {
    files: ["src/**/*.{ts,tsx}", "vite.config.ts"],
    extends: [tseslint.configs.strictTypeChecked, solid],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "max-lines": ["error", 300],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "eqeqeq": "error",
      "no-console": "error",
    },
  },
);
