/** Takes a text to the clipboard, also where the page is served over plain http. */
export async function takeToClipboard(text: string): Promise<void> {
  // Browsers leave it out on insecure pages, whatever the types say.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard) {
    await clipboard.writeText(text);
    return;
  }
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
