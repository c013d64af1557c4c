-- Each attribute's values as of $2, counted with the filters ($5 to $13, as in list.sql) of all the others. $14, $15 are the $19
-- and $20 of list.sql.
with found as materialized (
    select v.severity, v.area, v.check_id, v.namespace, v.kind, v.api_group, v.name,
        (v.valid_to is null or v.valid_to > $2) as is_open,
        ($5::smallint[] is null or v.severity = any($5)) as s,
        ($6::text[] is null or v.area = any($6)) as a,
        ($7::text[] is null or v.check_id = any($7)) as c,
        ($8::boolean[] is null or (v.valid_to is null or v.valid_to > $2) = any($8)) as o,
        ($9::text[] is null or v.namespace = any($9)) as n,
        ($10::text[] is null or v.kind = any($10)) as k,
        ($11::text is null or v.name = $11)
            and ($12::text[] is null or v.title || ' ' || v.kind || ' ' || v.namespace || '/' || v.name || ' '
                || v.check_id ilike all($12))
            and ($13::timestamptz is null or v.first_seen >= $13) as rest,
        is_system, ($14::boolean is null or is_system = $14) as y
    from findings v cross join lateral (select v.expected is not null
        or case when v.api_group = '' and v.kind = 'Namespace' then v.name else v.namespace end like any($15::text[])
        as is_system) its
    where v.cluster_id = $1 and v.valid_from <= $2 and (v.valid_to is null or v.valid_to > $3)
        and (v.valid_to is null or v.valid_to > $2 or not (v.replaced or exists (
            select from findings later where later.cluster_id = v.cluster_id
                and later.finding_id = v.finding_id and later.valid_from > v.valid_from and later.valid_from <= $2)))
        and ($4::text[] is null or v.namespace = any($4))
)
select 'severity' as "facet!", severity::text as "value!",
    count(*) filter (where a and c and o and n and k and y and rest) as "count!" from found group by 2
union all select 'area', area, count(*) filter (where s and c and o and n and k and y and rest) from found group by 2
union all select 'check', check_id, count(*) filter (where s and a and o and n and k and y and rest) from found group by 2
union all select 'status', case when is_open then 'open' else 'fixed' end,
    count(*) filter (where s and a and c and n and k and y and rest) from found group by 2
union all select 'namespace', case namespace when '' then '-' else namespace end,
    count(*) filter (where s and a and c and o and k and y and rest) from found group by 2
union all select 'kind', kind, count(*) filter (where s and a and c and o and n and y and rest) from found group by 2
union all select 'system', is_system::text,
    count(*) filter (where s and a and c and o and n and k and rest) from found group by 2
union all select 'all', 'total', count(*) filter (where s and a and c and o and n and k and y and rest) from found
union all select 'all', 'objects', count(distinct (api_group, kind, namespace, name))
    filter (where s and a and c and o and n and k and y and rest) from found
union all select 'all', 'open', count(*) filter (where is_open) from found
