//! Making a world and a request smaller as long as two answers to it differ.

use serde_json::Value;
use shared::rbac::Question;

use super::world::World;

/// The smallest world and request that this finds in which `differ` still holds: no object, rule, subject or word of a list
/// can be taken away from it, and no field of the request.
pub async fn shrink(
    mut world: World,
    mut question: Question,
    mut differ: impl AsyncFnMut(&World, &Question) -> bool,
) -> (World, Question) {
    loop {
        let mut is_smaller = false;
        let mut place = 0;
        while let Some(candidate) = smaller(&world, place) {
            if differ(&candidate, &question).await {
                world = candidate;
                is_smaller = true;
            } else {
                place += 1;
            }
        }
        for candidate in plainer(&world) {
            if differ(&candidate, &question).await {
                world = candidate;
                is_smaller = true;
                break;
            }
        }
        for candidate in simpler(&question) {
            if differ(&world, &candidate).await {
                question = candidate;
                is_smaller = true;
                break;
            }
        }
        if !is_smaller {
            return (world, question);
        }
    }
}

/// The world without what stands at one of all places from which something can be taken: objects first.
fn smaller(world: &World, place: usize) -> Option<World> {
    let mut world = world.clone();
    if place < world.0.len() {
        world.0.remove(place);
        return Some(world);
    }
    let mut left = place - world.0.len();
    let objects = &mut world.0;
    objects
        .iter_mut()
        .any(|object| take(object, &mut left))
        .then_some(world)
}

/// Takes an item of a list away, in the order in which they stand, once `left` others were passed.
fn take(value: &mut Value, left: &mut usize) -> bool {
    match value {
        Value::Array(items) => {
            if *left < items.len() {
                items.remove(*left);
                return true;
            }
            *left -= items.len();
            items.iter_mut().any(|item| take(item, left))
        }
        Value::Object(fields) => fields.values_mut().any(|field| take(field, left)),
        _ => false,
    }
}

/// The world with the rules of a role that aggregates written into it.
fn plainer(world: &World) -> Vec<World> {
    let mut all = Vec::new();
    for (place, filled) in world.filled().into_iter().enumerate() {
        let mut plainer = world.clone();
        let fields = plainer.0[place].as_object_mut();
        if fields.and_then(|fields| fields.remove("aggregationRule")).is_some() {
            plainer.0[place]["rules"] = filled["rules"].clone();
            all.push(plainer);
        }
    }
    all
}

fn simpler(question: &Question) -> Vec<Question> {
    let mut all = Vec::new();
    for place in 0..question.groups.len() {
        let mut fewer = question.clone();
        fewer.groups.remove(place);
        all.push(fewer);
    }
    type Field = fn(&mut Question) -> &mut String;
    let fields: [Field; 5] = [
        |question| &mut question.user,
        |question| &mut question.group,
        |question| &mut question.subresource,
        |question| &mut question.namespace,
        |question| &mut question.name,
    ];
    for field in fields {
        let mut without = question.clone();
        if !std::mem::take(field(&mut without)).is_empty() {
            all.push(without);
        }
    }
    all.retain(|question| analysis::rbac::access::flaw(question).is_none());
    all
}
