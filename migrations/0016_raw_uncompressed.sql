-- owner: objects. How what Stripe sent is stored.
-- What Stripe sent, where it is more than 2 kB as a rule, is kept beside its row as it is instead of being compressed
-- into it: compressing was a third of storing an event, and marking one as applied copied all of it.
-- Rows that are there already stay as they are.

alter table stripe.events alter column raw set storage external;
alter table stripe.invoices alter column raw set storage external;
alter table stripe.subscriptions alter column raw set storage external;
alter table stripe.charges alter column raw set storage external;
