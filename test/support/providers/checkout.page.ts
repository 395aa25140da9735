type Order = { title: string; price: string };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** What stands in for a provider's checkout: what is bought, and two ways to leave. */
export const checkoutPage = (provider: string, path: string, { title, price }: Order): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Checkout</title>
<style>
  body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 24rem; margin: 15vh auto; padding: 0 1rem; }
  form { display: inline-block; margin: 1.5rem 0.5rem 0 0; }
  button { font: inherit; padding: 0.5rem 1.5rem; }
</style>
<h1>${escaped(title)}</h1>
<p>${escaped(price)}, through a stand-in of ${escaped(provider)}. No money moves.</p>
<form method="post" action="${path}/pay"><button>Pay</button></form>
<form method="post" action="${path}/cancel"><button>Cancel</button></form>
</html>
`;
