// Passkeys: a form with data-passkey fetches its challenge, lets the device answer, and posts the answer
// as a field. Without this file, or without passkeys in the browser, the form stays hidden.
(function () {
  "use strict";

  if (!window.PublicKeyCredential) {
    return;
  }

  const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const encode = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // options turns what travels as text into the bytes the browser wants.
  function options(key) {
    key.challenge = decode(key.challenge);
    if (key.user) {
      key.user.id = decode(key.user.id);
    }
    for (const list of [key.excludeCredentials, key.allowCredentials]) {
      (list || []).forEach((c) => (c.id = decode(c.id)));
    }
    return key;
  }

  // answer turns the device's answer into text.
  function answer(credential) {
    const from = credential.response;
    const response = { clientDataJSON: encode(from.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (from[part]) {
        response[part] = encode(from[part]);
      }
    }
    if (from.getTransports) {
      response.transports = from.getTransports();
    }
    return JSON.stringify({
      id: credential.id,
      rawId: encode(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    });
  }

  async function ask(form) {
    const reply = await fetch(form.dataset.challenge, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRF-Token": form.elements.csrf.value },
      credentials: "same-origin",
    });
    if (!reply.ok) {
      throw new Error("no challenge");
    }
    const publicKey = options((await reply.json()).publicKey);
    return navigator.credentials[form.dataset.passkey]({ publicKey });
  }

  async function run(form) {
    const state = form.querySelector("[data-passkey-state]");
    const button = form.querySelector("[type=submit]");
    state.textContent = form.dataset.slow;
    button.disabled = true;
    try {
      form.elements.passkey.value = answer(await ask(form));
      form.submit();
    } catch {
      state.textContent = form.dataset.failed; // cancelled, timed out, or not this device's key
      button.disabled = false;
    }
  }

  document.addEventListener("submit", (e) => {
    if (e.target.matches("form[data-passkey]")) {
      e.preventDefault();
      run(e.target);
    }
  });

  const show = (root) => root.querySelectorAll("form[data-passkey]").forEach((form) => (form.hidden = false));
  show(document);
  document.addEventListener("htmx:load", (e) => show(e.target));
})();
