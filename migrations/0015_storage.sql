-- owner: objects. Objects are kept in their row as they are, up to a page. Compressing them costs more than storing them: half of
-- the time of a first sync, for a database of half the size. Rows that exist keep their form until they are written again.

do $$ declare t record; begin
  for t in select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'stripe' and c.relkind = 'r' loop
    -- No condition compares whole objects, so how their values are spread need not be known.
    execute format('alter table stripe.%I set (toast_tuple_target = 8160), alter raw set statistics 0', t.relname);
  end loop;
end $$;
