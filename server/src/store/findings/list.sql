-- Findings as of $2, sorted by a key. $3: what was fixed after it is listed; $4: namespaces that the viewer may see;
-- $5 to $13: filters; $14, $15: the sort and whether it is turned round; $16, $17: key and id of the row before; $18: limit;
-- $19: whether it is on a component of the system, of which $20 has the namespaces, as patterns.
with found as (
    select v.*, (v.valid_to is null or v.valid_to > $2) as is_open,
        case when v.valid_to is null or v.valid_to > $2 then v.opened_at else v.valid_to end as since
    from findings v
    where v.cluster_id = $1 and v.valid_from <= $2 and (v.valid_to is null or v.valid_to > $3)
        and (v.valid_to is null or v.valid_to > $2 or not (v.replaced or exists (
            select from findings later where later.cluster_id = v.cluster_id
                and later.finding_id = v.finding_id and later.valid_from > v.valid_from and later.valid_from <= $2)))
        and ($4::text[] is null or v.namespace = any($4))
        and ($5::smallint[] is null or v.severity = any($5))
        and ($6::text[] is null or v.area = any($6))
        and ($7::text[] is null or v.check_id = any($7))
        and ($8::boolean[] is null or (v.valid_to is null or v.valid_to > $2) = any($8))
        and ($9::text[] is null or v.namespace = any($9))
        and ($10::text[] is null or v.kind = any($10))
        and ($11::text is null or v.name = $11)
        and ($12::text[] is null
            or v.title || ' ' || v.kind || ' ' || v.namespace || '/' || v.name || ' ' || v.check_id ilike all($12))
        and ($13::timestamptz is null or v.first_seen >= $13)
        and ($19::boolean is null or (v.expected is not null
            or case when v.api_group = '' and v.kind = 'Namespace' then v.name else v.namespace end like any($20::text[])) = $19)
), keyed as (
    select *, (case $14::text
        when 'severity' then (3 - severity)::text || to_char(first_seen at time zone 'UTC', 'YYYYMMDDHH24MISSUS')
        when 'title' then title
        when 'object' then namespace || chr(1) || kind || chr(1) || name
        else to_char(since at time zone 'UTC', 'YYYYMMDDHH24MISSUS') end) collate "C" as key
    from found
)
select finding_id, check_id, area, severity, title, api_group, kind, namespace, name, first_seen, expected,
    is_open as "is_open!", since as "since!", key as "key!",
    coalesce((select min(u.last_seen) from undecided u where u.cluster_id = $1 and u.check_id = k.check_id
        and u.valid_from <= $2 and (u.valid_to is null or u.valid_to > $2) and k.is_open
        and (u.kind = 'Cluster' or (u.api_group = '' and u.kind = 'Namespace' and u.name = k.namespace)
            or (u.api_group = k.api_group and u.kind = k.kind and u.namespace = k.namespace and u.name = k.name))
    ), $2) as "last_seen!"
from keyed k
where $16::text is null
    or ($15 and (key, finding_id) < ($16, $17::text)) or (not $15 and (key, finding_id) > ($16, $17::text))
order by case when $15 then key end desc, case when $15 then finding_id end desc, key, finding_id
limit $18
