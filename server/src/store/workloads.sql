-- Workloads as of $2 with their open findings, sorted by a key. $3: namespaces that the viewer may see; $4 to $6: filters;
-- $7, $8: the sort and whether it is turned round; $9, $10: key and id of the row before; $11: limit.
with open as (
    select api_group, kind, namespace, name, count(*) filter (where severity = 3) as critical,
        count(*) filter (where severity = 2) as high, count(*) filter (where severity = 1) as medium,
        count(*) filter (where severity = 0) as low
    from findings where cluster_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2)
    group by api_group, kind, namespace, name
), matching as (
    select w.*, coalesce(critical, 0) as critical, coalesce(high, 0) as high, coalesce(medium, 0) as medium,
        coalesce(low, 0) as low, concat_ws(chr(1), namespace, name, kind, api_group) collate "C" as id,
        count(*) over () as total
    from workloads w left join open using (api_group, kind, namespace, name)
    where w.cluster_id = $1 and w.valid_from <= $2 and (w.valid_to is null or w.valid_to > $2)
        and ($3::text[] is null or namespace = any($3))
        and ($4::text[] is null or namespace = any($4))
        and ($5::text[] is null or kind = any($5))
        and ($6::text[] is null or namespace || '/' || name || ' ' || array_to_string(images, ' ') ilike all($6))
), keyed as (
    -- Counts are turned round, so that the most comes first.
    select *, (case $7::text
        when 'risk' then to_char(9999999 - critical, 'FM0000000') || to_char(9999999 - high, 'FM0000000')
            || to_char(9999999 - medium, 'FM0000000') || to_char(9999999 - low, 'FM0000000')
        when 'pods' then to_char(9999999 - pods, 'FM0000000')
        else name end) collate "C" as key
    from matching
)
select api_group as "api_group!", kind as "kind!", namespace as "namespace!", name as "name!", pods, images,
    service_account, critical as "critical!", high as "high!", medium as "medium!", low as "low!",
    key as "key!", id as "id!", total as "total!"
from keyed
where $9::text is null or ($8 and (key, id) < ($9, $10::text)) or (not $8 and (key, id) > ($9, $10::text))
order by case when $8 then key end desc, case when $8 then id end desc, key, id
limit $11
