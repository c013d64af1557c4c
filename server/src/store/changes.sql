-- What happened after $2 and until $3, newest first. $4, $5: whether to tell of objects, of findings; $6: of what was
-- there at first; $7: namespaces that the viewer may see; $8 to $11: filters; $12, $13: the row before; $14: limit.
with events as (
    select valid_from as at, case when replaces then 'modified' else 'created' end as what,
        api_group, kind, namespace, name, '' as finding_id, '' as title, 0::smallint as severity,
        opened_by_release as by_release
    from objects
    where cluster_id = $1 and valid_from > $2 and valid_from <= $3 and $4 and ($6 or not baseline)
    union all
    select valid_to, 'deleted', api_group, kind, namespace, name, '', '', 0::smallint, closed_by_release
    from objects
    where cluster_id = $1 and valid_to > $2 and valid_to <= $3 and $4 and not replaced
    union all
    select valid_from, 'opened', api_group, kind, namespace, name, finding_id, title, severity, opened_by_release
    from findings
    where cluster_id = $1 and valid_from > $2 and valid_from <= $3 and $5 and not replaces and ($6 or not baseline)
    union all
    select valid_to, 'fixed', api_group, kind, namespace, name, finding_id, title, severity, closed_by_release
    from findings
    where cluster_id = $1 and valid_to > $2 and valid_to <= $3 and $5 and not replaced
), matching as (
    select *, concat_ws(chr(1), what, namespace, kind, name, api_group, finding_id) collate "C" as key,
        count(*) over () as total
    from events
    where ($7::text[] is null or namespace = any($7))
        and ($8::text is null or api_group = $8)
        and ($9::text[] is null or kind = any($9))
        and ($10::text[] is null or namespace = any($10))
        and ($11::text is null or name = $11)
)
select at as "at!", what as "what!", api_group as "api_group!", kind as "kind!", namespace as "namespace!",
    name as "name!", finding_id as "finding_id!", title as "title!", severity as "severity!",
    by_release as "by_release!", key as "key!", total as "total!"
from matching
where $12::timestamptz is null or at < $12 or (at = $12 and key > $13::text)
order by at desc, key limit $14
