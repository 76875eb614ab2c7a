using Microsoft.Playwright;

namespace FleetDashboard.Tests.Browser;

/// <summary>Inspects any page as a person would, and describes every fault.</summary>
internal static class PageInspection
{
    /// <summary>
    /// Faults that no page may have: horizontal scrolling, a visible element that should be hidden, clipped open content, an incomplete
    /// sentence.
    /// </summary>
    public static Task<string[]> FaultsAsync(IPage page) => page.EvaluateAsync<string[]>(Script);

    // The text is read block by block as displayed, including shadow roots, with white space collapsed. Foreign text is excluded: log
    // lines, job output, and elements with dir=auto or <bdi>. An incomplete sentence of ours would still show beside it.
    private const string Script = """
        () => {
          const faults = [];
          const root = document.documentElement;
          if (root.scrollWidth > root.clientWidth) {
            const wide = [...document.querySelectorAll("body *")]
              .filter(one => one.getBoundingClientRect().right > root.clientWidth + 1 && !clipped(one)).slice(0, 4);
            faults.push(`scrolls sideways to ${root.scrollWidth} px: ${wide.map(name).join(", ")}`);
          }
          for (const one of every(document)) {
            const style = getComputedStyle(one);
            if (one.hasAttribute("hidden") && style.display !== "none") faults.push(`is hidden and displayed: ${name(one)}`);
            if ((one.matches("dialog[open]") || one.matches(":popover-open"))) {
              const box = one.getBoundingClientRect();
              if (box.left < 0 || box.right > root.clientWidth)
                faults.push(`is open beyond the window's edge: ${name(one)} from ${box.left} to ${box.right}`);
            }
            for (const attribute of ["title", "aria-label", "aria-valuetext", "aria-description", "placeholder", "alt"]) {
              const text = one.getAttribute(attribute);
              if (text !== null && !theirs(one)) check(text, `${attribute} of ${name(one)}`);
            }
          }
          check(document.title, "title of the page");
          let block = "";
          walk(document.body, false);
          flush();
          const failed = document.querySelector("#blazor-error-ui");
          if (failed && getComputedStyle(failed).display !== "none") faults.push("the page has failed");
          return [...new Set(faults)];

          function* every(node) {
            for (const one of node.querySelectorAll("*")) {
              yield one;
              if (one.shadowRoot) yield* every(one.shadowRoot);
            }
          }

          function clipped(one) {
            for (let parent = one.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
              if (getComputedStyle(parent).overflowX !== "visible") return true;
            }
            return false;
          }

          function name(one) {
            const id = one.id ? ` id=${one.id}` : "";
            const classes = one.className?.length ? ` class="${one.className.baseVal ?? one.className}"` : "";
            return `<${one.localName}${id}${classes}>`;
          }

          function theirs(one) {
            return one.closest("bdi, [dir=auto], [role=log], pre, code, fleet-logs .line .text, svg text") !== null;
          }

          function walk(node, pre) {
            if (node.nodeType === Node.TEXT_NODE) {
              block += pre ? node.data : node.data.replace(/\s+/g, " ");
              return;
            }
            if (node.nodeType !== Node.ELEMENT_NODE && node !== node.shadowRoot) return;
            const style = getComputedStyle(node);
            if (style.display === "none" || style.visibility === "hidden") return;
            if (["script", "style", "select", "svg"].includes(node.localName)) return;
            if (theirs(node)) {
              block += node.textContent.trim() ? "text" : "";
              return;
            }
            const inline = style.display.startsWith("inline") || style.display === "contents" || node.classList.contains("sr");
            if (!inline) flush();
            if (node.localName === "br") flush();
            for (const child of (node.shadowRoot ?? node).childNodes) walk(child, style.whiteSpaceCollapse === "preserve");
            if (!inline) flush();
          }

          function flush() {
            const text = block.replace(/ +/g, " ").trim();
            block = "";
            if (text) check(text, "text");
          }

          function check(text, where) {
            for (const [what, pattern] of [
              ["a program value", /\b(undefined|null|NaN|Infinity|\[object \w+\]|System\.[A-Z]\w+)\b/],
              ["a placeholder", /\{\d*\}/],
              ["empty brackets", /\(\s*\)|\[\s*\]|“\s*”/],
              ["an unfinished phrase", /\b(since|of|than|until|because|the)\s*[.,;:!?)](\s|$)/i],
              ["an unfinished end", /(\S (since|of|than|until|because|the)|,)$/i],
              ["a time that is a sentence", /\bsince [A-Z][a-z]+ (?!\d)/],
              ["lone punctuation", /\s[.,;!?](\s|$)|^[.,;:!](\s|$)/],
              ["double punctuation", /[.!?]\s*[.;,](\s|$)|[,;]\s*[,;.]/],
              ["a separator without text", /^·|·$|·\s*·/],
              ["two spaces", /\u00a0\u00a0|\u00a0 | \u00a0/],
              ["an unset date", /\b0001\b|\b1970\b/],
            ]) {
              const hit = pattern.exec(text);
              if (!hit) continue;
              const around = text.slice(Math.max(0, hit.index - 60), hit.index + 60);
              faults.push(`${what} (${JSON.stringify(hit[0])}) in ${where}: ${around}`);
            }
          }
        }
        """;
}
