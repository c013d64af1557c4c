//! References of images, and where they may come from: the first line is the image, the others are registries.
#![no_main]

use analysis::images::reference::ImageReference;
use analysis::images::registry::is_allowed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut lines = text.lines();
    let Some(image) = lines.next().and_then(ImageReference::parse) else {
        return;
    };
    let registries: Vec<String> = lines.map(str::to_owned).collect();
    image.moving_tag();
    is_allowed(&image, &registries);
    for registry in &registries {
        image.is_of(registry, image.name);
    }
});
