// SPDX-License-Identifier: Apache-2.0
// The files of the page, in the program: page.h names them.
        .section .rodata
        .global activities_index_html, activities_index_html_end
activities_index_html:
        .incbin "index.html"
activities_index_html_end:
        .global activities_page_css, activities_page_css_end
activities_page_css:
        .incbin "page.css"
activities_page_css_end:
        .global activities_page_js, activities_page_js_end
activities_page_js:
        .incbin "page.js"
activities_page_js_end:
        .section .note.GNU-stack, "", %progbits
